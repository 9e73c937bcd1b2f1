import { classOfError } from '../../telemetry/record-error';
import { ATTR } from '../genai/attributes';
import type { Attributes } from '../genai/put';
import { asDict } from '../genai/read';

export interface ErrorFacts {
  type: string;
  attributes: Attributes;
}

export const RPC_STATUS = 'rpc.response.status_code';

/** Of whoever has aborted the request, whatever the error is made of. */
export const ABORTED = 'AbortError';
export const METHOD_NOT_FOUND = -32601;
/** What the other side is told where an error has no code of the protocol. */
export const INTERNAL_ERROR = -32603;

/** Errors of the protocol have a code; those of the HTTP transports a status under the same name. */
export function errorFacts(error: unknown): ErrorFacts {
  const code = asDict(error)?.code;
  const type = classOfError(error);
  if (typeof code === 'string' && type.startsWith('Sdk')) return { type: code, attributes: {} };
  if (typeof code !== 'number' || !Number.isSafeInteger(code)) return { type, attributes: {} };
  if (code >= 100 && code < 600) return { type: String(code), attributes: { [ATTR.httpStatus]: code } };
  return { type: String(code), attributes: { [RPC_STATUS]: String(code) } };
}
