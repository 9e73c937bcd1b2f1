import type { ClientRequest, IncomingMessage } from 'http';
import type { Exchange } from './exchange';
import { before } from './override';
import { pendingBody } from './pending-body';
import { exchangeFor } from './start';
import type { HttpRequest, WatchedApis } from './types';

/** A request of node:http or node:https, as it is made or, `isSent`, when all of it is on its way already. */
export function followNode(
  request: ClientRequest,
  watched: WatchedApis,
  isSent: boolean,
): Exchange | undefined {
  const exchange = exchangeFor(httpRequest(request), watched, request);
  if (!exchange) return undefined;
  tapRequest(request, exchange, isSent);
  return exchange;
}

function httpRequest(request: ClientRequest): HttpRequest {
  const host = request.getHeader('host');
  const url = new URL(request.path, `${request.protocol}//${typeof host === 'string' ? host : request.host}`);
  const port = url.port ? Number(url.port) : url.protocol === 'http:' ? 80 : 443;
  return {
    method: request.method,
    url,
    server: { address: url.hostname, port },
    header: (name) => {
      const value = request.getHeader(name);
      return value === undefined ? undefined : String(value);
    },
  };
}

/** Who ended it: the app, or the other side. */
interface Progress {
  isStopped: boolean;
  error?: unknown;
}

function tapRequest(request: ClientRequest, exchange: Exchange, isSent: boolean): void {
  const progress: Progress = { isStopped: false };
  if (isSent) {
    for (const bytes of pendingBody(request.socket)) exchange.body.add(bytes);
    exchange.sent();
  } else {
    const onChunk = ([chunk, encoding]: unknown[]) => exchange.body.add(chunk, encoding);
    before(request, 'write', onChunk);
    before(request, 'end', (args) => {
      onChunk(args);
      exchange.sent();
    });
  }
  before(request, 'destroy', ([error]) => stopping(progress, error));
  before(request, 'emit', ([event, value]) => {
    if (event === 'response') tapResponse(value as IncomingMessage, exchange, progress);
    else if (event === 'error') exchange.failed(value);
    else if (event === 'close' && !exchange.hasAnswer) exchange.failed(progress.error ?? hangUp());
  });
}

function tapResponse(response: IncomingMessage, exchange: Exchange, progress: Progress): void {
  exchange.answered({
    status: response.statusCode ?? 0,
    statusText: response.statusMessage,
    header: (name) => {
      const value = response.headers[name];
      return value === undefined ? undefined : String(value);
    },
  });
  before(response, 'push', ([chunk]) => {
    if (chunk === null) exchange.ended();
    else if (chunk instanceof Uint8Array) exchange.received(chunk);
  });
  before(response, 'destroy', ([error]) => stopping(progress, error));
  before(response, 'emit', ([event, value]) => {
    if (event === 'error') progress.error ??= value;
    if (event !== 'close') return;
    if (progress.isStopped && isByApp(progress.error)) exchange.stopped();
    else exchange.failed(progress.error ?? hangUp());
  });
}

/** Node itself destroys what the other side has left, with an error that says so. */
function stopping(progress: Progress, error: unknown): void {
  if ((error as { code?: unknown } | null | undefined)?.code !== 'ECONNRESET') progress.isStopped = true;
  if (error) progress.error ??= error;
}

/** What a `break`, `destroy()` or `abort()` without a reason of its own comes as. */
function isByApp(error: unknown): boolean {
  if (!error) return true;
  const { name, code } = error as { name?: unknown; code?: unknown };
  return name === 'AbortError' || code === 'ECONNRESET';
}

function hangUp(): Error {
  const error = new Error('socket hang up') as Error & { code?: string };
  error.stack = undefined;
  error.code = 'ECONNRESET';
  return error;
}
