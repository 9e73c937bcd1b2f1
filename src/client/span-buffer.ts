import type { Attributes, Link, SpanContext, SpanKind, TimeInput } from '@opentelemetry/api';
import type { ReadableSpan, SpanAttributes } from './otel-types';

declare global {
  /** As `lib: esnext.disposable` has it, for apps that compile without. */
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** What `createSpan` takes besides name and attributes. */
export interface BufferedSpanOptions {
  /** `SpanKind` of OpenTelemetry, or its name; by default INTERNAL. */
  kind?: SpanKind | 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  /** When it began: a `Date`, milliseconds since 1970, or `[seconds, nanoseconds]`. By default now. */
  startTime?: TimeInput;
  /** When it ended, likewise. */
  endTime?: TimeInput;
  /** The span it is a child of; by default the span in progress, where that one is in this buffer. */
  parent?: { spanContext(): SpanContext };
  status?: 'OK' | 'ERROR';
  statusDescription?: string;
  links?: Link[];
}

/**
 * Spans of one trace that are kept back until code decides about them. See `RespanClient.getSpanBuffer`.
 */
export interface SpanBuffer {
  /** The trace its spans belong to: 32 hexadecimal digits. */
  readonly traceId: string;
  /**
   * Makes a span that has ended already, for work that was done before, or elsewhere.
   *
   * @param name the span's name.
   * @param attributes its attributes; objects become JSON.
   * @param kindOrOptions its kind, or an object that also takes start and end time, parent and status.
   * @returns the span, which can be the `parent` of the next one.
   */
  createSpan(
    name: string,
    attributes?: SpanAttributes,
    kindOrOptions?: BufferedSpanOptions['kind'] | BufferedSpanOptions,
  ): ReadableSpan;
  /** The spans so far, in the order they ended: a list of one's own, which stays as it is. */
  getAllSpans(): ReadableSpan[];
  /** How many there are. */
  getSpanCount(): number;
  /** Discards them. */
  clearSpans(): void;
  /** `using buffer = client.getSpanBuffer(…)`: the buffer is open until the block ends. */
  [Symbol.dispose](): void;
}

/** A buffer for code that runs without telemetry: it takes everything and keeps nothing. */
export function noopBuffer(traceId: string): SpanBuffer {
  const time = (): [number, number] => [Math.floor(Date.now() / 1000), 0];
  return {
    traceId,
    createSpan: (name, attributes = {}) => ({
      name,
      kind: 0,
      spanContext: () => ({ traceId, spanId: '0000000000000000', traceFlags: 0 }),
      startTime: time(),
      endTime: time(),
      status: { code: 0 },
      attributes: attributes as Attributes,
      links: [],
      events: [],
      duration: [0, 0],
      ended: true,
      resource: { attributes: {} },
      instrumentationScope: { name: 'respan' },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    }),
    getAllSpans: () => [],
    getSpanCount: () => 0,
    clearSpans() {},
    [Symbol.dispose]() {},
  };
}
