import { safely } from '../config/safely';
import { type Span, SpanKind } from '../telemetry/api';
import { standIn } from '../telemetry/follow';
import { telemetry } from '../telemetry/telemetry';
import { noteRoute, runStep } from './infrastructure/span-around';
import { defineInstrument } from './kit/define';

type Handler = (this: unknown, request: unknown, reply: Reply) => unknown;

interface Reply {
  raw?: { once(event: 'close', listener: () => void): unknown };
}

interface Route {
  url?: string;
  path?: string;
  handler?: Handler;
}

type Hook = (this: unknown, route: Route) => void;

interface Server {
  addHook(name: 'onRoute', hook: Hook): unknown;
}

const WHERE = 'the Fastify instrument';

/** The handlers that have taken another's place: HEAD routes are made from those of GET. */
const traced = new WeakSet<Handler>();

/**
 * Fastify tells of each server it makes on a channel, which its plugins may add hooks to. The handlers of routes are
 * followed; hooks run in the span of the request.
 */
export const instrument = defineInstrument({
  id: 'fastify',
  start(first) {
    follow(first?.message);
    const { subscribe } = require('diagnostics_channel') as typeof import('diagnostics_channel');
    subscribe('fastify.initialization', follow);
  },
});

const followedServers = new WeakSet<object>();

function follow(message: unknown): void {
  safely(WHERE, () => {
    const { fastify } = (message ?? {}) as { fastify?: Server };
    if (typeof fastify?.addHook !== 'function' || followedServers.has(fastify)) return;
    followedServers.add(fastify);
    fastify.addHook('onRoute', function (route) {
      safely(WHERE, () => {
        const hooks = routeHooks(this);
        if (!hooks) return followRoute(route);
        // The hooks of the app, which come after this one, are shown the app's handler.
        hooks.push(() => {
          hooks.pop();
          safely(WHERE, () => followRoute(route));
        });
      });
    });
  });
}

/** The list that Fastify goes through while this runs, if it can be found. */
function routeHooks(server: unknown): Hook[] | undefined {
  for (let owner = server as object | null; owner; owner = Object.getPrototypeOf(owner) as object | null) {
    const key = Object.getOwnPropertySymbols(owner).find(
      ({ description }) => description === 'fastify.hooks',
    );
    if (!key) continue;
    const { onRoute } = ((owner as Record<symbol, unknown>)[key] ?? {}) as { onRoute?: Hook[] };
    return Array.isArray(onRoute) ? onRoute : undefined;
  }
  return undefined;
}

function followRoute(route: Route): void {
  const { handler, url = route.path ?? '' } = route;
  if (typeof handler !== 'function' || traced.has(handler)) return;
  const replacement = standIn(handler, (original, self, [request, reply]) => {
    const step = () => Reflect.apply(original, self, [request, reply]) as unknown;
    const start = () => startSpan(url);
    return runStep(WHERE, start, step, (span) => {
      // Answers by `reply.send`, at some time.
      if (!safely(WHERE, () => reply.raw?.once('close', () => span.end()))) span.end();
    });
  });
  traced.add(replacement);
  route.handler = replacement;
  // Fastify has taken it by then; whoever keeps the options of routes has those of the app.
  queueMicrotask(() => {
    if (route.handler === replacement) route.handler = handler;
  });
}

function startSpan(url: string): Span {
  noteRoute(url);
  return telemetry()
    .tracer('respan.fastify')
    .startSpan(`request handler - ${url}`, {
      kind: SpanKind.INTERNAL,
      attributes: { 'http.route': url, 'fastify.type': 'request_handler' },
    });
}
