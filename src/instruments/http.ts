import type { ClientRequest, RequestOptions } from 'http';
import { syncBuiltinESMExports } from 'module';
import { builtin } from '../config/builtin';
import { safely } from '../config/safely';
import { besideAppSdk } from '../telemetry/app-globals';
import { isUntracedByApp } from '../telemetry/context';
import { isOfOtherTracer } from '../telemetry/other-tracers';
import { withholdTraceContext } from '../telemetry/propagator';
import type { ExportRequest } from '../telemetry/traced-twice';
import type { HttpFunctions, tracedHttp } from './infrastructure/node-http';
import { defineInstrument } from './kit/define';
import { noteHttpSpan } from './kit/http-spans';
import { layerAbove } from './kit/layer';
import { isModelRequest } from './kit/model-requests';

const WHERE = 'the requests instrument';

/** How each of the two is traced. */
const patched = new Map<string, () => HttpFunctions | undefined>();

/**
 * node:http and node:https, by OpenTelemetry's instrumentation, patched in place: CommonJS users see the very
 * module object, ES modules the synchronised exports.
 */
export const instrument = defineInstrument({
  id: 'requests',
  patchBuiltin: patchModule,
  warmUp() {
    for (const traced of patched.values()) traced();
  },
});

/** What asks the instrumentation what to trace, and tells us of it. */
const hooks: Parameters<typeof tracedHttp>[2] = {
  // What the runtime of AWS Lambda says to Lambda is none of the app's requests.
  ignoreOutgoingRequestHook: ({ path }) => path?.startsWith('/2018-06-01/runtime/') === true,
  startOutgoingSpanHook(request) {
    besideAppSdk(WHERE, ({ noteWhoTracesRequest }) => noteWhoTracesRequest());
    withholdTraceContext(leavesAsItIs(request));
    return {};
  },
  startIncomingSpanHook(request) {
    const socket = request.socket as PeerOfSocket & object;
    asked = { socket, peer: socket._peername };
    return {};
  },
  // Of incoming requests as well, which nobody asks for.
  requestHook(span, request) {
    noteHttpSpan(request, span);
    forgetPeer();
  },
};

/** With functions that make the instrumentation when they are called first: many an app that could never does. */
function patchModule(name: string): void {
  if (patched.has(name)) return;
  const module = builtin<Pick<typeof import('http'), 'Server'>>(name);
  layerAbove(module, ['request', 'get'], (client) => {
    layerAbove(module.Server.prototype, ['emit'], (server) => {
      const { request, get } = client as Pick<HttpFunctions, 'request' | 'get'>;
      const { emit } = server as HttpFunctions['Server']['prototype'];
      const traced = once(() => {
        const { tracedHttp } =
          require('./infrastructure/node-http') as typeof import('./infrastructure/node-http');
        return tracedHttp(name, { request, get, Server: { prototype: { emit } } }, hooks);
      });
      client.request = pastWhereUnfit(() => traced()?.request, request);
      client.get = pastWhereUnfit(() => traced()?.get, get);
      server.emit = function (...args) {
        const seen = args[0] === 'request' ? traced()?.Server.prototype.emit : undefined;
        return (seen ?? emit).apply(this, args);
      };
      patched.set(name, traced);
    });
  });
  syncBuiltinESMExports();
}

/** What `make` answered when it was asked first; nothing where it failed. */
function once<T>(make: () => T): () => T | undefined {
  let result: { value: T | undefined } | undefined;
  return () => (result ??= { value: safely(WHERE, make) }).value;
}

const exportParts = (request: ClientRequest): ExportRequest => ({
  origin: `${request.protocol}//${request.getHeader('host')}`,
  path: request.path,
  header: (name) => request.getHeader(name),
});

interface PeerOfSocket {
  _peername?: unknown;
}

let asked: { socket: PeerOfSocket; peer: unknown } | undefined;

/**
 * Node keeps a peer's address from the first time on that somebody asks, which the instrumentation does for each
 * request: an app that asks when the peer is gone is not to get an answer that it did not get before.
 */
function forgetPeer(): void {
  if (asked && Object.hasOwn(asked.socket, '_peername')) asked.socket._peername = asked.peer;
  asked = undefined;
}

type Request = (this: unknown, ...args: unknown[]) => unknown;

function pastWhereUnfit(traced: () => Request | undefined, untraced: Request): Request {
  return function (...args) {
    let isTheirs = false;
    const fits = safely(WHERE, () => {
      isTheirs = isUntracedByApp();
      return !isTheirs && canFollow(args) && !isOfOthers(args);
    });
    const request = ((fits && traced()) || untraced).apply(this, args);
    if (isTheirs) {
      besideAppSdk(WHERE, ({ noteExport }) => noteExport(() => exportParts(request as ClientRequest)));
    }
    return request;
  };
}

/**
 * The instrumentation makes a new options object of the app's. It loses what an object inherits, turns a list
 * of headers into an object of its indices, and throws on a method that is no string.
 */
function canFollow(args: unknown[]): boolean {
  return args.slice(0, 2).every((options) => {
    if (typeof options !== 'object' || options === null || options instanceof URL) return true;
    const prototype: unknown = Object.getPrototypeOf(options);
    // The Object.prototype of any realm: tests run in ones of their own.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
    const { headers, method } = options as RequestOptions;
    return !Array.isArray(headers) && (method === undefined || typeof method === 'string');
  });
}

/** What another tracer sends its backend is no part of the app's trace. */
function isOfOthers(args: unknown[]): boolean {
  return args.slice(0, 2).some((options) => {
    if (typeof options !== 'object' || options === null) return false;
    const { headers, hostname, host } = options as { headers?: unknown; hostname?: unknown; host?: unknown };
    const named = (headers ?? {}) as Record<string, unknown>;
    return isOfOtherTracer(named['User-Agent'] ?? named['user-agent'], hostname ?? host);
  });
}

/** A model vendor gets nothing of ours, and a trace that the app passes on by itself stays the app's. */
function leavesAsItIs({ method, hostname, host, port, path, headers }: RequestOptions): boolean {
  const headerNames = Object.keys(headers ?? {});
  const address = hostname ?? host ?? '';
  const request = { method: method ?? 'GET', path: path ?? '', headerNames };
  if (isModelRequest({ ...request, address, port: Number(port) })) return true;
  return headerNames.some((name) => name.toLowerCase() === 'traceparent');
}
