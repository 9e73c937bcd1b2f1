import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/**
 * How much time an exporter has: `ending` when the app is done and only waits for its spans, `over` when it
 * has waited long enough.
 */
export type Urgency = 'normal' | 'ending' | 'over';

export interface Exporter extends SpanExporter {
  setUrgency?(urgency: Urgency): void;
}
