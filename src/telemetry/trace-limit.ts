import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { log } from '../config/log';

/** Traces that are counted at the same time; of more, the one that was first seen is counted anew. */
const MAX_TRACES = 2_000;

/** RESPAN_MAX_SPANS_PER_TRACE: a loop that never ends does not fill the backend with one trace. */
export function createTraceLimit(max: number): (span: ReadableSpan) => boolean {
  const counts = new Map<string, number>();
  return (span) => {
    const { traceId } = span.spanContext();
    const count = (counts.get(traceId) ?? 0) + 1;
    if (count === 1 && counts.size >= MAX_TRACES) counts.delete(counts.keys().next().value as string);
    counts.set(traceId, count);
    // Without its root a trace is none.
    if (count <= max || !span.parentSpanContext || span.parentSpanContext.isRemote) return true;
    log.once(
      'warn',
      `trace ${traceId} has more than ${max} spans: further ones are not exported (RESPAN_MAX_SPANS_PER_TRACE)`,
    );
    return false;
  };
}
