import { safely } from '../../config/safely';
import { asDict, asString } from '../genai/read';
import { defineInstrument } from '../kit/define';
import { patch, type Wrapper } from '../kit/wrap';
import { startSpan, startTrace } from './start';
import { followCurrent, spanIsOver, traceIsOver, trackedBy, trackSpan, trackTrace } from './tracked';

const WHERE = 'the openai_agents instrument';

/**
 * `@openai/agents`, which makes traces and spans of its own. They are seen as they start and end, before its processors are told: what
 * those do, and what is sent to OpenAI, is the app's business. Where its tracing is off there are none, for us neither.
 */
export const instrument = defineInstrument({
  id: 'openai_agents',
  patchModule({ exports }) {
    const { Span, Trace, getCurrentSpan, getCurrentTrace } = exports;
    patch((wrap) => {
      if (typeof Span === 'function') {
        wrap(Span.prototype as object, 'start', spanStarts);
        wrap(Span.prototype as object, 'end', spanEnds);
      }
      if (typeof Trace === 'function') {
        wrap(Trace.prototype as object, 'start', traceStarts);
        wrap(Trace.prototype as object, 'end', traceEnds);
      }
    });
    if (typeof getCurrentSpan === 'function' && typeof getCurrentTrace === 'function')
      followCurrent(getCurrentSpan as () => object, getCurrentTrace as () => object);
  },
});

/** `before` is told of each call, with the span or trace. */
const seen =
  (before: (self: Record<string, unknown>) => void): Wrapper =>
  (original) =>
    function (this: unknown, ...args: unknown[]) {
      const self = asDict(this);
      if (self) safely(WHERE, () => before(self));
      return original.apply(this, args);
    };

const spanStarts = seen((span) => {
  const { traceId, spanId, startedAt } = span;
  if (typeof traceId !== 'string' || typeof spanId !== 'string' || startedAt) return;
  if (!trackedBy(spanId)) trackSpan(traceId, spanId, startSpan(span));
});

const spanEnds = seen((span) => {
  const step = trackedBy(span.spanId);
  if (!step || step.isOver) return;
  step.isOver = true;
  step.end({ data: span.spanData, error: span.error });
  spanIsOver(asString(span.traceId) ?? '', asString(span.spanId) ?? '');
});

const traceStarts = seen((trace) => {
  const { traceId } = trace;
  // One that goes on after it was over (a run that waited for somebody's approval) is a span of its own.
  if (typeof traceId === 'string' && trackedBy(traceId)?.isOver !== false)
    trackTrace(traceId, startTrace(trace));
});

const traceEnds = seen((trace) => {
  const { traceId } = trace;
  const step = trackedBy(traceId);
  if (typeof traceId !== 'string' || !step || step.isOver) return;
  traceIsOver(traceId, () => {
    step.isOver = true;
    step.end({ data: undefined, error: undefined });
  });
});
