import type { Sender, WireOperation } from '../genai/types';
import type { ModelOperation } from './method';

/**
 * A method of an SDK whose argument is the body of the request and whose answer is that of the response, or a stream
 * of its events: for modelMethod.
 */
export function wireMethod(
  instrument: string,
  operation: WireOperation,
  senderOf: (self: unknown) => Sender,
): ModelOperation {
  return {
    instrument,
    name: `${instrument}.${operation.spanSuffix}`,
    request: ([body], self) => operation.request(isObject(body) ? body : {}, senderOf(self)),
    response: operation.response,
    accumulator: operation.accumulator,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
