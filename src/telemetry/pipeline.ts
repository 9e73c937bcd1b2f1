import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { safely } from '../config/safely';

/** A step between the end of a span and its export. It may change the span's attributes, and never throws far. */
export type SpanStep = (span: ReadableSpan) => void;

export interface SpanSink {
  add(span: ReadableSpan): void;
  flush(): Promise<void>;
}

/** Where every finished span of our provider goes: through the steps, then to each destination. */
export class Pipeline implements SpanProcessor {
  readonly #steps: readonly SpanStep[];
  readonly #sinks: readonly SpanSink[];
  /** Spans that ended before the steps were there. */
  #held: ReadableSpan[] | undefined;
  #ready: Promise<void> | undefined;

  /** `ready` is given where a step is still being loaded: spans wait for it, none passes it by. */
  constructor(steps: readonly SpanStep[], sinks: readonly SpanSink[], ready?: Promise<void>) {
    this.#steps = steps;
    this.#sinks = sinks;
    if (!ready) return;
    this.#held = [];
    this.#ready = ready.then(() => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const span of held) this.#pass(span);
    });
  }

  onStart(_span: Span): void {}

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & 1) === 0) return;
    if (this.#held) this.#held.push(span);
    else this.#pass(span);
  }

  async forceFlush(): Promise<void> {
    await this.#ready;
    await Promise.all(this.#sinks.map((sink) => sink.flush()));
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }

  #pass(span: ReadableSpan): void {
    for (const step of this.#steps) safely('a span step', () => step(span));
    for (const sink of this.#sinks) safely('a destination', () => sink.add(span));
  }
}
