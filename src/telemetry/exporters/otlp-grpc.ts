import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { untraced } from '../context';
import type { OtlpTarget } from './otlp-target';
import type { Sender } from './sending-exporter';

const METHOD = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const GZIP = 2;

/** What the OTLP specification says may be tried again. */
const RETRYABLE = [
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
];
/** So that the hints for HTTP fit. */
const HTTP_STATUS: Record<number, number> = {
  [status.UNAUTHENTICATED]: 401,
  [status.PERMISSION_DENIED]: 403,
};

/** OTLP over gRPC; loaded only where it is asked for. */
export function createGrpcSender(target: OtlpTarget): Sender {
  const { protocol, host } = new URL(target.url);
  const { ca, key, cert } = target.tls;
  const client = new Client(
    host,
    protocol === 'https:' ? credentials.createSsl(ca, key, key && cert) : credentials.createInsecure(),
    target.compression === 'gzip' ? { 'grpc.default_compression_algorithm': GZIP } : {},
  );
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(target.headers)) metadata.set(name, value);
  const underway = new Map<{ cancel(): void }, (reason: string) => void>();

  return {
    send: (payload) =>
      new Promise((resolve) => {
        const call = untraced(() =>
          client.makeUnaryRequest(
            METHOD,
            (bytes: Buffer) => bytes,
            (bytes: Buffer) => bytes,
            Buffer.from(payload),
            metadata,
            { deadline: Date.now() + target.timeoutMillis },
            (error: ServiceError | null, body?: Buffer) => {
              underway.delete(call);
              if (!error) return resolve({ ok: true, body: body ?? new Uint8Array() });
              resolve({
                ok: false,
                retryable: RETRYABLE.includes(error.code),
                refused: error.code === status.UNAVAILABLE && /ECONNREFUSED/.test(error.details),
                status: HTTP_STATUS[error.code],
                reason: `gRPC ${status[error.code] ?? error.code} ${error.details}`.trim(),
              });
            },
          ),
        );
        underway.set(call, (reason) => resolve({ ok: false, retryable: false, reason }));
      }),
    abort(reason) {
      for (const [call, fail] of [...underway]) {
        fail(reason);
        call.cancel();
      }
    },
  };
}
