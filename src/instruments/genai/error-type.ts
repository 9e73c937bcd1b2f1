import { asDict, asNumber, asString, type Dict } from './read';

/**
 * A short, low-cardinality name for what went wrong: the provider's own error type or code where it has one, the
 * HTTP status, or the error's class.
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  // An error that comes inside a stream has no status; what the provider sent is in `error`.
  const { name, status, code, type, message, error: body } = error as Dict;
  // Errors of AWS have the service's code as their name, whatever class they are of.
  if (awsStatus(error) !== undefined && typeof name === 'string' && name) return name;
  const className = error.constructor?.name;
  // `Error` and `APIError` say nothing; the class of everything else says most.
  if (className && !['Error', 'Object', 'APIError'].includes(className)) return className;
  if (typeof status === 'number') return String(status);
  if (typeof code === 'string' && code) return code;
  // gRPC: `3 INVALID_ARGUMENT: …`, of no class of its own.
  const rpcStatus =
    typeof code === 'number' ? /^\d+ ([A-Z_]+):/.exec(asString(message) ?? '')?.[1] : undefined;
  if (rpcStatus) return rpcStatus;
  const own = asString(type) ?? asString(asDict(asDict(body)?.error)?.type);
  if (own) return own;
  return typeof name === 'string' && name ? name : '_OTHER';
}

export function errorStatus(error: unknown): number | undefined {
  const { status, message } = (error ?? {}) as { status?: unknown; message?: unknown };
  if (typeof status === 'number') return status;
  const aws = awsStatus(error);
  if (aws !== undefined) return aws;
  // Google's SDKs of 2024 and 2025 tell it in the message alone.
  const told = typeof message === 'string' ? /\bgot status: (\d{3})\b/.exec(message)?.[1] : undefined;
  return told ? Number(told) : undefined;
}

function awsStatus(error: unknown): number | undefined {
  return asNumber(asDict(asDict(error)?.$metadata)?.httpStatusCode);
}
