import type { Span as SdkSpan } from '@opentelemetry/sdk-trace-base';
import { systemTimeOf } from '../../config/clock';
import {
  type Context,
  type HrTime,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
  trace,
} from '../../telemetry/api';
import { adoptTraceId } from '../../telemetry/id-generator';

/** The HTTP span of each request, by the client's own object for it. */
const spans = new WeakMap<object, Span>();

export function noteHttpSpan(request: object, span: Span): void {
  spans.set(request, span);
}

/** When a request was made and in which context, and the client's own object for it. */
export interface RequestOnItsWay {
  /** By performance.now(). */
  time: number;
  context: Context;
  carrier: object;
}

/**
 * A span for what turns out to be a call of its own when its HTTP span, if there is one, has long begun: it takes that
 * one's place in the trace, and becomes its parent.
 */
export function startAround(
  { time, context, carrier }: RequestOnItsWay,
  tracer: Tracer,
  name: string,
  options: SpanOptions,
): Span {
  const child = spans.get(carrier);
  if (!child) return tracer.startSpan(name, { ...options, startTime: time }, context);
  const { parentSpanContext, startTime } = child as Partial<SdkSpan>;
  let parent: Context;
  if (parentSpanContext) {
    parent = trace.setSpanContext(context, parentSpanContext);
  } else {
    parent = trace.deleteSpan(context);
    adoptTraceId(child.spanContext().traceId);
  }
  const span = tracer.startSpan(name, { ...options, startTime: earlier(time, startTime) }, parent);
  if (child.isRecording()) {
    (child as { parentSpanContext?: SpanContext }).parentSpanContext = span.spanContext();
  }
  return span;
}

/** undici's HTTP spans begin after the request is made, those of node:http before. */
function earlier(time: number, childStart: HrTime | undefined): number | HrTime {
  if (!childStart) return time;
  const ofChild = childStart[0] * 1000 + childStart[1] / 1e6;
  return ofChild < systemTimeOf(time) ? childStart : time;
}
