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
  const { name, code, type, error: body } = error as Dict;
  const status = errorStatus(error);
  const className = error.constructor?.name;
  if (className && !SAYING_NOTHING.has(className)) return className;
  if (status !== undefined) return String(status);
  if (typeof code === 'string' && code) return code;
  const own = asString(type) ?? asString(asDict(asDict(body)?.error)?.type) ?? asString(asDict(body)?.type);
  if (own) return own;
  if (typeof name === 'string' && name && name !== 'Error') return name;
  return className && className !== 'Object' ? className : '_OTHER';
}

export function errorStatus(error: unknown): number | undefined {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  return asNumber(status) ?? asNumber(statusCode);
}
