import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { context, type Span, type TracerProvider, trace } from '../../telemetry/api';

/**
 * For instrumentations that follow a call on each layer it passes (a pool, then its connection): a span inside one of
 * the same name that still runs is not made.
 */
export function unnested(provider: TracerProvider): TracerProvider {
  return {
    getTracer(scope, ...rest) {
      const tracer = provider.getTracer(scope, ...rest);
      return {
        startSpan(name, options, around = context.active()) {
          const outer = trace.getSpan(around) as (Span & Partial<ReadableSpan>) | undefined;
          const isSame = outer?.name === name && outer.instrumentationScope?.name === scope;
          if (isSame && outer.isRecording()) return trace.wrapSpanContext(outer.spanContext());
          return tracer.startSpan(name, options, around);
        },
        startActiveSpan: tracer.startActiveSpan.bind(tracer),
      };
    },
  };
}
