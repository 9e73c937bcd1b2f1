import { readable, safely } from '../../config/safely';
import { context } from '../../telemetry/api';
import { databaseCallOf, enterDatabaseCall } from '../../telemetry/database-call-context';
import { followed, followWhenAsked } from '../../telemetry/follow';
import { tracedMethod } from '../kit/traced-method';
import type { Wrapper } from '../kit/wrap';
import { type DatabaseCall, startDatabaseCall } from './call';
import type { DatabaseRequest, DatabaseResponse } from './types';

/** A method of a vector store's client that answers with a promise. */
export interface DatabaseMethod {
  /**
   * The neutral request, from the method's arguments and the object it is called on. Where this throws, it is asked
   * again with no arguments at all.
   */
  request(args: unknown[], self: unknown): DatabaseRequest;
  response?(answer: unknown, args: unknown[], self: unknown): DatabaseResponse | undefined;
}

/**
 * A call that the client makes of itself inside another one (`upsert` in batches, `toArray` by way of `toArrow`) is
 * part of that one.
 */
export const isInsideCallOf = (instrument: string): boolean =>
  databaseCallOf(context.active()) === instrument;

export function databaseMethod(instrument: string, name: string, method: DatabaseMethod): Wrapper {
  return tracedMethod(
    instrument,
    (args, self) => {
      if (isInsideCallOf(instrument)) return undefined;
      const read = () => method.request(args, self);
      return beginDatabaseCall(instrument, name, read, () => method.request([], self));
    },
    (call, result, args, self) =>
      followAnswer(call, result, (answer) =>
        call.succeed(safely('the response mapping', () => method.response?.(answer, args, self))),
      ),
  );
}

/** A method that is not worth a span (is the server there? which version?): its request leaves as it is. */
export const untracedMethod =
  (instrument: string): Wrapper =>
  (original) =>
    function (this: unknown, ...args: unknown[]) {
      return context.with(enterDatabaseCall(context.active(), instrument), () => original.apply(this, args));
    };

/** Starts a call's span. What cannot be read (a getter of the app's that throws) costs the details, not the span. */
export function beginDatabaseCall(
  instrument: string,
  method: string,
  read: () => DatabaseRequest,
  without: () => DatabaseRequest = () => ({}),
): DatabaseCall {
  return startDatabaseCall(
    { instrument, method },
    readable('a request', read) ?? readable('a request', without) ?? {},
  );
}

/** Answers with what the app gets: the library's own object wherever that can be told apart from a copy. */
export function followAnswer(
  call: DatabaseCall,
  result: unknown,
  onAnswer: (answer: unknown) => void,
): unknown {
  if (!(result instanceof Promise)) {
    onAnswer(result);
    return result;
  }
  if (result.constructor === Promise) return followed(result, onAnswer, call.fail);
  followWhenAsked(result, onAnswer, call.fail);
  call.otherwise(() => undefined, result);
  return result;
}
