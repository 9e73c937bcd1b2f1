import { Client, connectivityState, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { untraced } from '../context';
import type { PostAnswer } from '../last-request';
import { asText } from './http-sender';
import type { OtlpTarget } from './otlp-target';
import type { Sender, SendResult } from './sending-exporter';

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
  const open = new Map<Uint8Array, { cancel(): void; isOld: boolean }>();

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
              open.delete(payload);
              if (!error) return resolve({ ok: true, body: body ?? new Uint8Array() });
              resolve(failureOf(error.code, error.details));
            },
          ),
        );
        underway.set(call, (reason) => resolve({ ok: false, retryable: false, reason }));
        const sent = { cancel: () => call.cancel(), isOld: false };
        open.set(payload, sent);
        setImmediate(() => (sent.isOld = true)).unref();
      }),
    abort(reason) {
      for (const [call, fail] of [...underway]) {
        fail(reason);
        call.cancel();
      }
    },
    atTheEnd: {
      plan: () => ({
        protocol: 'grpc',
        url: `${protocol}//${host}`,
        headers: target.headers,
        contentType: 'application/grpc',
        compression: target.compression,
        tls: asText(target.tls),
        retryable: RETRYABLE,
      }),
      letGo(payload) {
        const sent = open.get(payload);
        const isConnected = client.getChannel().getConnectivityState(false) === connectivityState.READY;
        // It is with the operating system, and of its answer nothing can be seen: not again.
        if (sent?.isOld && isConnected) return () => ({ ok: true, body: new Uint8Array() });
        sent?.cancel();
        return undefined;
      },
      read: resultOfPost,
    },
  };
}

function resultOfPost(answer: PostAnswer): SendResult {
  if (!('status' in answer))
    return { ok: false, retryable: true, refused: answer.refused, reason: answer.error };
  return answer.status === status.OK
    ? { ok: true, body: answer.body }
    : failureOf(answer.status, answer.message ?? '');
}

function failureOf(code: status, details: string): SendResult {
  return {
    ok: false,
    retryable: RETRYABLE.includes(code),
    refused: code === status.UNAVAILABLE && /ECONNREFUSED/.test(details),
    status: HTTP_STATUS[code],
    reason: `gRPC ${status[code] ?? code} ${details}`.trim(),
  };
}
