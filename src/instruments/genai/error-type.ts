import { asDict, asString, type Dict } from './read';

/**
 * A short, low-cardinality name for what went wrong: the provider's own error type or code where it has one, the
 * HTTP status, or the error's class.
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  // An error that comes inside a stream has no status; what the provider sent is in `error`.
  const { name, status, code, type, error: body } = error as Dict;
  const className = error.constructor?.name;
  // These say nothing; the class of everything else says most.
  if (className && !['Error', 'Object', 'APIError', 'DOMException'].includes(className)) return className;
  if (typeof status === 'number') return String(status);
  if (typeof code === 'string' && code) return code;
  const own = asString(type) ?? asString(asDict(asDict(body)?.error)?.type);
  if (own) return own;
  return typeof name === 'string' && name ? name : '_OTHER';
}

export function errorStatus(error: unknown): number | undefined {
  const { status, statusCode, status_code: ollamas } = asDict(error) ?? {};
  return [status, statusCode, ollamas].find((value) => typeof value === 'number');
}
