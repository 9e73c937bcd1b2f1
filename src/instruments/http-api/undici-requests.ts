import type { Exchange } from './exchange';
import { before } from './override';
import { exchangeFor } from './start';
import type { HttpRequest, WatchedApis } from './types';

/**
 * undici's own object for a request, 5 to 8 and what Node has built in: whatever the dispatcher and whoever reads the
 * answer, all of both bodies goes through its methods, as it is on the wire.
 */
export interface UndiciRequest {
  method: string;
  path: string;
  origin: string | URL;
  /** 5: one string. Later ones: names and values in turn. */
  headers: unknown;
}

export function followUndici(request: UndiciRequest, watched: WatchedApis): Exchange | undefined {
  const exchange = exchangeFor(httpRequest(request), watched, request);
  if (exchange) tap(request, exchange);
  return exchange;
}

function httpRequest({ method, path, origin, headers }: UndiciRequest): HttpRequest {
  const url = new URL(path, origin);
  const port = url.port ? Number(url.port) : url.protocol === 'http:' ? 80 : 443;
  return {
    method,
    url,
    server: { address: url.hostname, port },
    header: (name) => headerOf(typeof headers === 'string' ? headers.split(/: |\r\n/) : headers, name),
  };
}

/** The methods' names until undici 7, and from 8 on. */
function tap(request: UndiciRequest, exchange: Exchange): void {
  const onHeaders = ([status, headers, , statusText]: unknown[]) =>
    exchange.answered({
      status: Number(status),
      statusText: typeof statusText === 'string' ? statusText : undefined,
      header: (name) => headerOf(headers, name),
    });
  const onData = ([chunk]: unknown[]) => {
    if (chunk instanceof Uint8Array) exchange.received(chunk);
  };
  const onError = ([error]: unknown[]) => {
    if (exchange.hasAnswer && isByApp(error)) exchange.stopped();
    else exchange.failed(error);
  };
  before(request, 'onBodySent', ([chunk]) => exchange.body.add(chunk));
  before(request, 'onRequestSent', () => exchange.sent());
  for (const name of ['onHeaders', 'onResponseStart']) before(request, name, onHeaders);
  for (const name of ['onData', 'onResponseData']) before(request, name, onData);
  for (const name of ['onComplete', 'onResponseEnd']) before(request, name, () => exchange.ended());
  for (const name of ['onError', 'onResponseError']) before(request, name, onError);
}

/** What an app's own `break`, `cancel()`, `destroy()` or `abort()` comes as, and fetch's when nobody keeps its answer. */
function isByApp(error: unknown): boolean {
  if (typeof error === 'string') return error.includes('garbage collected');
  return (error as { name?: unknown } | null | undefined)?.name === 'AbortError';
}

/** Of a list of names and values in turn, which are text or bytes, or of an object (HTTP/2). */
function headerOf(headers: unknown, name: string): string | undefined {
  if (!Array.isArray(headers)) {
    const value = (headers as Record<string, unknown> | undefined)?.[name];
    return typeof value === 'string' ? value : undefined;
  }
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (String(headers[at]).toLowerCase() === name) return String(headers[at + 1]);
  }
  return undefined;
}
