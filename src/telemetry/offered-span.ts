import { INVALID_SPAN_CONTEXT, type Span, type SpanContext } from './api';

/**
 * A span of ours in the hands of an app without an SDK. Should the app register one later, spans of that SDK
 * must not name ours as their parent, which the app's backend never gets: from then on it stands for nothing,
 * as the API's own placeholder spans do. What is set on it still arrives.
 */
export class OfferedSpan implements Span {
  readonly #span: Span;
  readonly #isOver: () => boolean;

  constructor(span: Span, isOver: () => boolean) {
    this.#span = span;
    this.#isOver = isOver;
  }

  spanContext(): SpanContext {
    return this.#isOver() ? INVALID_SPAN_CONTEXT : this.#span.spanContext();
  }

  setAttribute(...args: Parameters<Span['setAttribute']>): this {
    this.#span.setAttribute(...args);
    return this;
  }

  setAttributes(...args: Parameters<Span['setAttributes']>): this {
    this.#span.setAttributes(...args);
    return this;
  }

  addEvent(...args: Parameters<Span['addEvent']>): this {
    this.#span.addEvent(...args);
    return this;
  }

  addLink(...args: Parameters<Span['addLink']>): this {
    this.#span.addLink(...args);
    return this;
  }

  addLinks(...args: Parameters<Span['addLinks']>): this {
    this.#span.addLinks(...args);
    return this;
  }

  setStatus(...args: Parameters<Span['setStatus']>): this {
    this.#span.setStatus(...args);
    return this;
  }

  updateName(...args: Parameters<Span['updateName']>): this {
    this.#span.updateName(...args);
    return this;
  }

  recordException(...args: Parameters<Span['recordException']>): void {
    this.#span.recordException(...args);
  }

  end(...args: Parameters<Span['end']>): void {
    this.#span.end(...args);
  }

  /** As on a span of the SDK: what its children inherit is read from here. */
  get attributes(): unknown {
    return (this.#span as { attributes?: unknown }).attributes;
  }

  isRecording(): boolean {
    return this.#span.isRecording();
  }
}
