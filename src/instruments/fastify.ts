import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import { safely } from '../config/safely';
import { context, type Span, SpanKind, trace } from '../telemetry/api';
import { followed, standIn } from '../telemetry/follow';
import { telemetry } from '../telemetry/telemetry';
import { defineInstrument } from './kit/define';
import { recordError } from './kit/record-error';

type Handler = (this: unknown, request: unknown, reply: Reply) => unknown;

interface Reply {
  raw?: { once(event: 'close', listener: () => void): unknown };
}

interface Route {
  url?: string;
  path?: string;
  handler?: Handler;
}

interface Server {
  addHook(name: 'onRoute', hook: (route: Route) => void): unknown;
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
    fastify.addHook('onRoute', (route) => {
      safely(WHERE, () => followRoute(route));
    });
  });
}

function followRoute(route: Route): void {
  const { handler, url = route.path ?? '' } = route;
  if (typeof handler !== 'function' || traced.has(handler)) return;
  const replacement = standIn(handler, (original, self, [request, reply]) => {
    const span = safely(WHERE, () => startSpan(url));
    if (!span) return Reflect.apply(original, self, [request, reply]);
    const inside = trace.setSpan(context.active(), span);
    const fail = (error: unknown) => {
      safely(WHERE, () => recordError(span, error, telemetry().config.traceContent));
      span.end();
    };
    let result: unknown;
    try {
      result = context.with(inside, () => Reflect.apply(original, self, [request, reply]) as unknown);
    } catch (error) {
      fail(error);
      throw error;
    }
    if (result instanceof Promise) return followed(result, () => span.end(), fail);
    // Answers by `reply.send`, at some time.
    if (!safely(WHERE, () => reply.raw?.once('close', () => span.end()))) span.end();
    return result;
  });
  traced.add(replacement);
  route.handler = replacement;
}

function startSpan(url: string): Span {
  const request = getRPCMetadata(context.active());
  if (request?.type === RPCType.HTTP) request.route = url;
  return telemetry()
    .tracer('respan.fastify')
    .startSpan(`request handler - ${url}`, {
      kind: SpanKind.INTERNAL,
      attributes: { 'http.route': url, 'fastify.type': 'request_handler' },
    });
}
