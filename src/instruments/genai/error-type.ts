import { asDict, asNumber, asString, type Dict } from './read';

/** The class of every other error says most. */
const SAYING_NOTHING = new Set(['Error', 'Object', 'APIError', 'CohereError', 'DOMException']);

/**
 * A short, low-cardinality name for what went wrong: the provider's own error type or code where it has one, the
 * HTTP status, or the error's class.
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  // An error that comes inside a stream has no status; what the provider sent is in `error`.
  const { name, code, type, message, error: body } = error as Dict;
  // Errors of AWS have the service's code as their name, whatever class they are of.
  if (awsStatus(error) !== undefined && typeof name === 'string' && name) return name;
  const className = error.constructor?.name;
  if (className && !SAYING_NOTHING.has(className)) return className;
  const status = errorStatus(error);
  if (status !== undefined) return String(status);
  if (typeof code === 'string' && code) return code;
  // gRPC: `3 INVALID_ARGUMENT: …`, of no class of its own.
  const rpcStatus =
    typeof code === 'number' ? /^\d+ ([A-Z_]+):/.exec(asString(message) ?? '')?.[1] : undefined;
  if (rpcStatus) return rpcStatus;
  const own = asString(type) ?? asString(asDict(asDict(body)?.error)?.type) ?? asString(asDict(body)?.type);
  if (own) return own;
  if (typeof name === 'string' && name && name !== 'Error') return name;
  return className && className !== 'Object' ? className : '_OTHER';
}

export function errorStatus(error: unknown): number | undefined {
  const {
    status,
    statusCode,
    status_code: ofOllama,
    response,
    message,
    httpResponse,
  } = (error ?? {}) as Dict;
  const known =
    asNumber(status) ??
    asNumber(statusCode) ??
    asNumber(ofOllama) ??
    awsStatus(error) ??
    asNumber(asDict(response)?.status) ??
    // `@huggingface/inference` has it beside the answer's body.
    asNumber(asDict(httpResponse)?.status);
  if (known !== undefined) return known;
  // Google's SDKs of 2024 and 2025 tell it in the message alone.
  const told = /\bgot status: (\d{3})\b/.exec(asString(message) ?? '')?.[1];
  return told ? Number(told) : undefined;
}

function awsStatus(error: unknown): number | undefined {
  return asNumber(asDict(asDict(error)?.$metadata)?.httpStatusCode);
}
