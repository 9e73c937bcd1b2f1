'use strict';

/**
 * Runs `fn` with a span as the active one, where there is tracing at all: instrumentations that do nothing of their own
 * accord, but only within a trace, do it then.
 */
module.exports = function withinSpan(fn) {
  const { trace, context } = globalThis[Symbol.for('opentelemetry.js.api.1')] ?? {};
  if (!trace || !context) return fn();
  const span = trace.getTracer('fuzz').startSpan('case');
  try {
    return context.with(context.active().setValue(Symbol.for('OpenTelemetry Context Key SPAN'), span), fn);
  } finally {
    span.end();
  }
};
