import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

const prototypes = new WeakSet<object>();

/**
 * Exporters and processors written for SDK 1 read `instrumentationLibrary` and `parentSpanId`, which SDK 2 renamed.
 * Our spans answer to both.
 */
export function answerToOldNames(span: ReadableSpan): void {
  const prototype = Object.getPrototypeOf(span) as object;
  if (prototypes.has(prototype)) return;
  prototypes.add(prototype);
  Object.defineProperties(prototype, {
    instrumentationLibrary: {
      configurable: true,
      get(this: ReadableSpan) {
        return this.instrumentationScope;
      },
    },
    parentSpanId: {
      configurable: true,
      get(this: ReadableSpan) {
        return this.parentSpanContext?.spanId;
      },
    },
  });
}
