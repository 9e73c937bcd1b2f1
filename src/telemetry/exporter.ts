import type { ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { LastRequest } from './last-request';

/**
 * How much time an exporter has: `ending` when the app is done and only waits for its spans, `over` when it
 * has waited long enough.
 */
export type Urgency = 'normal' | 'ending' | 'over';

/** What became of one export. An exporter of the app's knows no more of it than OpenTelemetry's code. */
export interface ExportOutcome extends ExportResult {
  /** What of it may be tried again. */
  retry?: Retry;
  /** It had to be sent in parts; smaller ones spare the backend the whole. */
  wasTooLarge?: boolean;
  /** The exporter has counted what became of its spans itself, apart from those to be tried again. */
  isCounted?: boolean;
}

export interface Retry {
  spans: ReadableSpan[];
  /** What the backend asks for. */
  afterMillis?: number;
  /** Nobody listens there: nothing to wait for at the end of the app. */
  isGone?: boolean;
}

export interface Exporter extends SpanExporter {
  export(spans: ReadableSpan[], callback: (outcome: ExportOutcome) => void): void;
  setUrgency?(urgency: Urgency): void;
  /** Called when a request with these spans is with the operating system, as a whole. */
  onWritten?: (spans: readonly ReadableSpan[]) => void;
  /** Every export of it ends by itself in time. */
  readonly isBounded?: boolean;
  /** Keeps what could not be sent for another time, at once; answers whether it did. */
  keep?(spans: ReadableSpan[]): boolean;
  /** Sends some of what was kept, by whatever process; answers whether there is more that can be sent now. */
  sendKept?(): Promise<boolean>;
  /** For the end of the process: what nobody has taken yet, `batches` included; nothing more is done with it here. */
  lastRequests?(batches: readonly ReadableSpan[][]): LastRequest[];
}
