import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { systemTimeOf } from '../config/clock';
import {
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type TimeInput,
  type Tracer,
  type TracerOptions,
  trace,
} from './api';
import { startBuffered } from './span-buffer';

/**
 * A moment by `performance.now()` as the time it is where that is 0 at `origin`. The SDK does the same by two readings of clocks as it
 * makes a span, and is milliseconds wrong where the process had to wait between them.
 */
const absolute = (time: TimeInput | undefined, origin: number): TimeInput | undefined =>
  typeof time === 'number' && time <= performance.now() ? origin + time : time;

/**
 * The SDK measures with the clock that never jumps, unless it is told when a span started: then it reads the system's
 * clock at the end, which somebody may have set meanwhile. Instrumentations of others end some spans twice, which it would
 * tell the user.
 */
function endedOnce(span: Span, origin: number, isByOneClock: boolean): Span {
  const { end } = span;
  if (!span.isRecording()) return span;
  span.end = (time = isByOneClock ? performance.now() : undefined) => {
    if (span.isRecording()) end.call(span, absolute(time, origin));
  };
  return span;
}

/**
 * The SDK's provider, whose tracers know two things more: spans started in a buffer are of the buffer's trace, and an
 * instrument that was switched off after it had been started makes no spans.
 */
export class RespanTracerProvider extends BasicTracerProvider {
  readonly #ours = new WeakSet<Tracer>();
  readonly #isBlocked: (scope: string) => boolean;

  constructor(
    options: ConstructorParameters<typeof BasicTracerProvider>[0],
    isBlocked: (scope: string) => boolean,
  ) {
    super(options);
    this.#isBlocked = isBlocked;
  }

  override getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    const tracer: Tracer = super.getTracer(name, version, options);
    if (this.#ours.has(tracer)) return tracer;
    this.#ours.add(tracer);
    const start = tracer.startSpan;
    tracer.startSpan = (spanName, spanOptions = {}, around = context.active()) => {
      // What would have been its children are those of the span around it.
      if (this.#isBlocked(name))
        return trace.wrapSpanContext(trace.getSpanContext(around) ?? INVALID_SPAN_CONTEXT);
      const { startTime } = spanOptions;
      const origin = systemTimeOf(0);
      const options =
        startTime === undefined ? spanOptions : { ...spanOptions, startTime: absolute(startTime, origin) };
      const span = startBuffered(tracer, start, spanName, options, around);
      return endedOnce(span, origin, startTime !== undefined);
    };
    return tracer;
  }
}
