import { type Context, context, type Span, type SpanOptions, type TracerProvider } from '../../telemetry/api';

export interface SpanStart {
  /** The instrumentation that starts it. */
  scope: string;
  name: string;
  options: SpanOptions | undefined;
  around: Context;
}

/** `provider`, where `intercept` says what comes of each span that is about to start. */
export function intercepted(
  provider: TracerProvider,
  intercept: (start: SpanStart, go: () => Span) => Span,
): TracerProvider {
  return {
    getTracer(scope, ...rest) {
      const tracer = provider.getTracer(scope, ...rest);
      return {
        startSpan(name, options, around = context.active()) {
          return intercept({ scope, name, options, around }, () => tracer.startSpan(name, options, around));
        },
        startActiveSpan: tracer.startActiveSpan.bind(tracer),
      };
    },
  };
}
