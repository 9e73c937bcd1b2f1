import { safely } from '../../config/safely';
import { type Context, context, SpanKind, trace } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { adoptTraceId } from '../../telemetry/id-generator';
import { asDict, asString, type Dict } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { METHOD_NOT_FOUND } from './error';
import { type Exchange, startExchange } from './exchange';
import { versionInHeaders } from './place';
import { takeTraceContext } from './trace-context';

const WHERE = 'the mcp instrument';

type Handler = (this: unknown, request: unknown, extra: unknown, ...rest: unknown[]) => unknown;

/** What the method that takes requests needs of its Client or Server. */
interface Receiver extends Dict {
  _requestHandlers?: unknown;
  fallbackRequestHandler?: unknown;
  _requestHandlerAbortControllers?: unknown;
}

/** The method of the protocol that is given each request that comes, of a server or a client. */
export const takesRequest: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const [request, extra] = args;
    const receiver = asDict(this) as Receiver | undefined;
    const taken = receiver && safely(WHERE, () => begin(receiver, request, extra));
    if (!receiver || !taken) return original.apply(this, args);
    const { exchange, method } = taken;
    const run = () => context.with(exchange.context, () => original.apply(this, args.with(0, taken.request)));
    return observed(receiver, method, exchange, asDict(request)?.id, run);
  };

interface Taken {
  exchange: Exchange;
  method: string;
  /** As the app is to see it. */
  request: Dict;
}

function begin(protocol: Receiver, given: unknown, extra: unknown): Taken | undefined {
  const message = asDict(given);
  const method = asString(message?.method);
  if (!message || method === undefined) return undefined;
  const ambient = context.active();
  const { request, context: around } = takeTraceContext(message, ambient);
  const version = versionInHeaders(extra);
  const exchange = startExchange({ kind: SpanKind.SERVER, protocol, request, around, version });
  // Meant for this span alone, and left over where it has a parent.
  adoptTraceId(undefined);
  linkTo(exchange, ambient);
  return { exchange, method, request };
}

/** Where the message came in a trace of its own (an HTTP request without our headers), the two are linked. */
function linkTo({ span }: Exchange, ambient: Context): void {
  const around = trace.getSpanContext(ambient);
  if (around && trace.isSpanContextValid(around) && around.traceId !== span.spanContext().traceId)
    span.addLink({ context: around });
}

/**
 * Runs `take` with the handler that it looks up replaced by one that is seen: it looks it up at once, and runs it
 * later. Whatever is asked of it meanwhile sees the app's own.
 */
function observed(
  receiver: Receiver,
  method: string,
  exchange: Exchange,
  id: unknown,
  take: () => unknown,
): unknown {
  const handlers = receiver._requestHandlers;
  const own: unknown = handlers instanceof Map ? handlers.get(method) : undefined;
  const fallback = own === undefined ? receiver.fallbackRequestHandler : undefined;
  const handler = own ?? fallback;
  if (typeof handler !== 'function') {
    safely(WHERE, () => refuse(exchange));
    return take();
  }
  const seen = seenHandler(handler as Handler, exchange);
  if (own) (handlers as Map<string, unknown>).set(method, seen);
  else receiver.fallbackRequestHandler = seen;
  try {
    return take();
  } finally {
    if (!own) receiver.fallbackRequestHandler = fallback;
    else if ((handlers as Map<string, unknown>).get(method) === seen)
      (handlers as Map<string, unknown>).set(method, own);
    safely(WHERE, () => settleUnlessTaken(receiver, exchange, id, seen));
  }
}

function seenHandler(handler: Handler, exchange: Exchange): Handler {
  return function (request, extra, ...rest) {
    const isAborted = () => signalOf(extra)?.aborted === true;
    const onResult = (result: unknown): void => {
      if (isAborted()) exchange.fail(signalOf(extra)?.reason, true);
      else exchange.succeed(result);
    };
    let result: unknown;
    try {
      result = Reflect.apply(handler, this, [request, extra, ...rest]);
    } catch (error) {
      safely(WHERE, () => exchange.fail(error, isAborted()));
      throw error;
    }
    if (result instanceof Promise)
      return followed(result, onResult, (error) => exchange.fail(error, isAborted()));
    safely(WHERE, () => onResult(result));
    return result;
  };
}

function signalOf(extra: unknown): AbortSignal | undefined {
  const given = asDict(extra);
  return (given?.signal ?? asDict(given?.mcpReq)?.signal) as AbortSignal | undefined;
}

/** A request that is taken can be cancelled; one that is refused at once (by its version, its envelope) cannot. */
function settleUnlessTaken(receiver: Receiver, exchange: Exchange, id: unknown, seen: Handler): void {
  const controllers = receiver._requestHandlerAbortControllers;
  if (controllers instanceof Map && !controllers.has(id)) exchange.fail(new Error('the request was refused'));
  else exchange.settleWith(seen);
}

function refuse(exchange: Exchange): void {
  exchange.fail(Object.assign(new Error('Method not found'), { code: METHOD_NOT_FOUND }));
}
