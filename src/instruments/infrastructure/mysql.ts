import { MySQLInstrumentation } from '@opentelemetry/instrumentation-mysql';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { type Span, trace } from '../../telemetry/api';
import { instrumentation } from './instrumentation';
import { intercepted } from './intercepted';

/** A query is followed on each layer it passes, the pool and then its connection: one span is enough. */
export const instrument = instrumentation('mysql', () => new MySQLInstrumentation(), {
  provider: (ours) =>
    intercepted(ours, ({ scope, name, around }, go) => {
      const outer = trace.getSpan(around) as (Span & Partial<ReadableSpan>) | undefined;
      const isSame = outer?.name === name && outer.instrumentationScope?.name === scope;
      return isSame && outer.isRecording() ? trace.wrapSpanContext(outer.spanContext()) : go();
    }),
});
