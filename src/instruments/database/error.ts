import { asDict } from '../genai/read';

/** Names of the gRPC status codes, by number. */
const GRPC = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** The code a store answered with: of HTTP as a number in text, of gRPC by its name. */
export function databaseStatus(error: unknown): string | undefined {
  const { status, statusCode, code } = asDict(error) ?? {};
  const http = [status, statusCode, code].find((value) => typeof value === 'number' && value >= 100);
  return http === undefined ? grpcStatus(code) : String(http);
}

/** Clients of gRPC throw one class for everything: the status says more. */
export function databaseErrorType(error: unknown): string | undefined {
  const className = (error as object | undefined)?.constructor?.name ?? '';
  return ['Error', 'ConnectError', 'ClientError'].includes(className)
    ? grpcStatus(asDict(error)?.code)
    : undefined;
}

const grpcStatus = (code: unknown): string | undefined =>
  typeof code === 'number' && code > 0 ? GRPC[code] : undefined;
