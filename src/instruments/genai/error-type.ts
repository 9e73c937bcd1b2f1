/**
 * A short, low-cardinality name for what went wrong: the provider's own error type or code where it has one, the
 * HTTP status, or the error's class.
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { name, status, code, type } = error as Record<string, unknown>;
  const className = error.constructor?.name;
  // `Error` and `APIError` say nothing; the class of everything else says most.
  if (className && !['Error', 'Object', 'APIError'].includes(className)) return className;
  if (typeof status === 'number') return String(status);
  if (typeof code === 'string' && code) return code;
  // An error event in the middle of a stream has a type and no status.
  if (typeof type === 'string' && type) return type;
  return typeof name === 'string' && name ? name : '_OTHER';
}

export function errorStatus(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : undefined;
}
