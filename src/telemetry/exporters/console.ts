import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { stderr } from 'process';

/** One line a span on stderr; stdout belongs to the app. */
export function createExporter(): SpanExporter {
  return {
    export(spans, callback) {
      for (const span of spans) stderr.write(`${JSON.stringify(readable(span))}\n`);
      callback({ code: 0 });
    },
    async forceFlush() {},
    async shutdown() {},
  };
}

function readable(span: ReadableSpan): Record<string, unknown> {
  const [seconds, nanos] = span.duration;
  return {
    name: span.name,
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    durationMs: seconds * 1e3 + nanos / 1e6,
    status: ['unset', 'ok', 'error'][span.status.code],
    attributes: span.attributes,
    ...(span.events.length > 0 && {
      events: span.events.map(({ name, attributes }) => ({ name, attributes })),
    }),
  };
}
