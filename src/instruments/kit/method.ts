import { safely } from '../../config/safely';
import { context } from '../../telemetry/api';
import { followed, followWhenAsked } from '../../telemetry/follow';
import { modelCallOf } from '../../telemetry/model-call-context';
import type { ModelRequest, ModelResponse, StreamAccumulator } from '../genai/types';
import { beginCall } from './begin';
import { followGenerator, followStream } from './follow-stream';
import type { ModelCall } from './model-call';
import { tracedMethod } from './traced-method';
import type { Wrapper } from './wrap';

/**
 * A method that is a model call, of any SDK that answers with a promise, an async iterable, or a promise of one.
 * (Those that Stainless generates answer with promises of their own: stainless.ts.)
 */
export interface ModelOperation {
  instrument: string;
  /** The span's name: `<provider>.<operation>`. */
  name: string;
  /** See ModelCallOptions. */
  isFramework?: boolean;
  /**
   * The neutral request, from the method's arguments and the object it is called on. Where this throws, it is asked
   * again with no arguments at all, and has to answer then.
   */
  request(args: unknown[], self: unknown): ModelRequest;
  /** The neutral response, from an answer that is not a stream. */
  response(answer: unknown): ModelResponse;
  /** For answers that are streams: what puts their chunks together. */
  accumulator?(): StreamAccumulator<unknown>;
  /** Where in the answer the async iterable is (`({ stream }) => stream`); by default the answer itself. */
  stream?(answer: unknown): unknown;
  /** For answers that are followed in a way of their own: answers with false for those that are not. */
  follow?(answer: unknown, call: ModelCall): boolean;
  /** For streams that are read in other ways than by iterating; false where this one has to be iterated after all. */
  followStream?(stream: object, call: ModelCall, accumulator: StreamAccumulator<unknown>): boolean;
  /**
   * A method that other methods of the same instrument call for their own work: inside one of those it is part of
   * the call that is already traced.
   */
  isPartOfOuter?: boolean;
}

export const modelMethod = (operation: ModelOperation): Wrapper =>
  modelMethodOf(operation.instrument, () => operation);

/** The same, made with the first call: what knows the format of a request need not be read before. */
export function modelMethodOf(instrument: string, make: () => ModelOperation): Wrapper {
  let made: ModelOperation | undefined;
  const operationOf = () => (made ??= make());
  return tracedMethod(
    instrument,
    (args, self) => {
      const operation = operationOf();
      if (operation.isPartOfOuter && modelCallOf(context.active()) === instrument) return undefined;
      return beginCall(
        operation,
        () => operation.request(args, self),
        () => operation.request([], self),
      );
    },
    (call, result) => followResult(operationOf(), call, result),
  );
}

/** Answers with what the app gets: the library's own object wherever that can be told apart from a copy. */
function followResult(operation: ModelOperation, call: ModelCall, result: unknown): unknown {
  const onAnswer = (answer: unknown) => observeAnswer(operation, call, answer);
  if (!(result instanceof Promise)) {
    onAnswer(result);
    return result;
  }
  if (result.constructor === Promise) return withOwn(result, followed(result, onAnswer, call.fail));
  followWhenAsked(result, onAnswer, call.fail);
  call.otherwise(() => ({}), result);
  return result;
}

/** What a library hangs onto its promise (`cancel`) is on the one that takes its place. */
function withOwn<T>(promise: Promise<T>, replacement: Promise<T>): Promise<T> {
  const keys = Object.keys(promise) as (keyof typeof promise)[];
  for (const key of keys) {
    Object.defineProperty(replacement, key, Object.getOwnPropertyDescriptor(promise, key)!);
  }
  return replacement;
}

/** Ends `call` with `answer` or, where that is a stream, with the end of the stream. */
export function observeAnswer(operation: ModelOperation, call: ModelCall, answer: unknown): void {
  if (operation.follow?.(answer, call)) return;
  const stream = operation.accumulator && (operation.stream ? operation.stream(answer) : answer);
  if (isAsyncIterable(stream)) {
    const accumulator = operation.accumulator!();
    if (operation.followStream?.(stream, call, accumulator)) return;
    if (isIterator(stream)) followGenerator(stream, call, accumulator);
    else followStream(stream, Symbol.asyncIterator, call, accumulator);
    return;
  }
  call.succeed(safely('the response mapping', () => operation.response(answer)));
}

function isAsyncIterable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function isIterator(value: object): value is AsyncIterator<unknown> {
  return typeof (value as Partial<AsyncIterator<unknown>>).next === 'function';
}
