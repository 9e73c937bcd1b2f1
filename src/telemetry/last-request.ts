import type { IncomingHttpHeaders } from 'http';
import type { SendResult } from './exporters/sending-exporter';

/** How a batch is posted, for a process that knows nothing else. */
export interface PostPlan {
  protocol: 'http' | 'grpc';
  url: string;
  headers: Record<string, string>;
  contentType: string;
  compression: 'gzip' | 'none';
  tls?: { ca?: string; cert?: string; key?: string };
  /** HTTP or gRPC status codes that are worth another attempt. */
  retryable: number[];
}

/** What came of it. */
export type PostAnswer =
  | { status: number; headers: IncomingHttpHeaders; body: Buffer; message?: string }
  | { error: string; refused: boolean };

/** A batch that nobody has taken when the process ends. */
export interface LastRequest {
  plan: PostPlan;
  payload: Uint8Array;
  /** For one that is on its way as a whole: waits for what comes of it; undefined where it is to be sent again. */
  waitForAnswer?(millis: number): SendResult | undefined;
  read(answer: PostAnswer): SendResult;
  done(result: SendResult): void;
}
