import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-base';

/**
 * Spans that have started and not ended: the end of the process ends them. Held weakly, because a span that nobody
 * ever ends (a connection that was forgotten) must not stay in memory for it.
 */
export class OpenSpans {
  readonly #references = new Map<string, WeakRef<Span>>();
  #sweepAt = 1_000;
  /** Called as spans start, for as long as it is there. */
  onStart: (() => void) | undefined;

  get size(): number {
    return this.#references.size;
  }

  add(span: Span): void {
    this.#references.set(span.spanContext().spanId, new WeakRef(span));
    if (this.#references.size >= this.#sweepAt) this.sweep();
    this.onStart?.();
  }

  delete(span: ReadableSpan): void {
    this.#references.delete(span.spanContext().spanId);
  }

  endAll(): void {
    for (const reference of [...this.#references.values()]) reference.deref()?.end();
    this.#references.clear();
  }

  /** Forgets those that nobody holds any more. */
  sweep(): void {
    for (const [id, reference] of this.#references) if (!reference.deref()) this.#references.delete(id);
    this.#sweepAt = Math.max(1_000, this.#references.size * 2);
  }
}
