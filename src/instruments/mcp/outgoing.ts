import { readable, safely } from '../../config/safely';
import { type Context, context, SpanKind } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { asDict, type Dict } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { type Exchange, startExchange } from './exchange';
import { aroundTask, noteTask } from './tasks';
import { withTraceContext } from './trace-context';

const WHERE = 'the mcp instrument';

/** Where a request goes on once it has been answered with questions, by the request as it was sent. */
const contexts = new WeakMap<object, Context>();

/**
 * The method of the protocol that sends a request, of a client or a server. `at` is where among its arguments the
 * request is; a schema and options follow.
 */
export function sendsRequest(at: number): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const protocol = asDict(this);
      const request = asDict(args[at]);
      const active = context.active();
      const exchange =
        protocol &&
        request &&
        safely(WHERE, () => {
          const around = readable('a request', () => aroundTask(protocol, request, active)) ?? active;
          return startExchange({ kind: SpanKind.CLIENT, protocol, request, around });
        });
      if (!protocol || !request || !exchange) return original.apply(this, args);
      const passed = safely(WHERE, () => passedOn(args, at, request, exchange)) ?? args;
      const nextId = protocol._requestMessageId;
      const options = asDict(args[at + 2]);
      const isAborted = () => (options?.signal as AbortSignal | undefined)?.aborted === true;
      let result: unknown;
      try {
        result = context.with(exchange.context, () => original.apply(this, passed));
      } catch (error) {
        safely(WHERE, () => exchange.fail(error, isAborted()));
        throw error;
      }
      safely(WHERE, () => noteId(exchange, protocol, nextId));
      if (!(result instanceof Promise)) {
        safely(WHERE, () => exchange.succeed(result));
        return result;
      }
      const onAnswer = (answer: unknown): void => {
        noteTask(protocol, answer, active, exchange.context);
        exchange.succeed(answer);
      };
      return followed(result, onAnswer, (error) => exchange.fail(error, isAborted()));
    };
}

/** The arguments with the trace context in the request, and whoever is told of progress in the context of the request. */
function passedOn(args: unknown[], at: number, request: Dict, exchange: Exchange): unknown[] {
  const sent = withTraceContext(request, exchange.context);
  contexts.set(sent, exchange.context);
  const passed = args.with(at, sent);
  const options = asDict(args[at + 2]);
  const onprogress = options?.onprogress;
  if (!options || typeof onprogress !== 'function') return passed;
  const inContext = (...progress: unknown[]): unknown =>
    context.with(exchange.context, () => Reflect.apply(onprogress, undefined, progress));
  return passed.with(at + 2, { ...options, onprogress: inContext });
}

/** Requests are numbered as they are sent; one that is refused before that has no number. */
function noteId({ span }: Exchange, protocol: Dict, id: unknown): void {
  if (typeof id === 'number' && protocol._requestMessageId === id + 1)
    span.setAttribute('jsonrpc.request.id', String(id));
}

/**
 * An answer that asks for more (version 2): the client answers it, and sends the request again, all of which belongs to the
 * request it sent first.
 */
export const asksForMore: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const request = asDict(asDict(args[1])?.request);
    const inside = request && contexts.get(request);
    return inside ? context.with(inside, () => original.apply(this, args)) : original.apply(this, args);
  };
