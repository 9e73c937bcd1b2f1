import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { LastRequest } from './last-request';

/**
 * How much time an exporter has: `ending` when the app is done and only waits for its spans, `over` when it
 * has waited long enough.
 */
export type Urgency = 'normal' | 'ending' | 'over';

export interface Exporter extends SpanExporter {
  setUrgency?(urgency: Urgency): void;
  /** What nobody has taken yet, `spans` included; the exporter does nothing more with it. */
  lastRequests?(spans: ReadableSpan[]): LastRequest[];
}
