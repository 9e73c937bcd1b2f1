import type { Context, HrTime, Span, SpanContext, SpanKind, SpanStatusCode } from '@opentelemetry/api';

/** Text, numbers, booleans and lists of these; SDK 3 knows objects as well. */
export type ReadableAttributes = Record<string, unknown>;

/**
 * A finished span, as OpenTelemetry's SDKs 1, 2 and 3 hand it to exporters; the names of SDK 1 are there as well.
 * Times are `[seconds, nanoseconds]`.
 */
export interface ReadableSpan {
  name: string;
  kind: SpanKind;
  spanContext(): SpanContext;
  parentSpanContext?: SpanContext;
  startTime: HrTime;
  endTime: HrTime;
  status: { code: SpanStatusCode; message?: string };
  attributes: ReadableAttributes;
  links: { context: SpanContext; attributes?: ReadableAttributes; droppedAttributesCount?: number }[];
  events: { time: HrTime; name: string; attributes?: ReadableAttributes; droppedAttributesCount?: number }[];
  duration: HrTime;
  ended: boolean;
  resource: { attributes: ReadableAttributes };
  /** Who made it. (Always there; SDK 1 knows it by another name.) */
  instrumentationScope?: { name: string; version?: string; schemaUrl?: string };
  droppedAttributesCount: number;
  droppedEventsCount: number;
  droppedLinksCount: number;
}

/**
 * Attributes of a span or an event: text, numbers, booleans and lists of these. Anything else becomes JSON, and what
 * is undefined or null is left out.
 */
export type SpanAttributes = Readonly<Record<string, unknown>>;

/** What `export` reports: 0 where the spans were taken. */
export interface ExportResult {
  code: number;
  error?: Error;
}

/**
 * The OpenTelemetry interface of that name, of SDK 1, 2 or 3. Besides, an `export(spans)` without a callback is done when
 * it returns or, where it is async, when its promise settles; one that throws has not taken them.
 */
export interface SpanExporter {
  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void | Promise<void>;
  shutdown?(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/** The OpenTelemetry interface of that name, of SDK 1, 2 or 3. */
export interface SpanProcessor {
  onStart(span: Span & ReadableSpan, parentContext: Context): void;
  onEnd(span: ReadableSpan): void;
  shutdown?(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/** Takes functions over the `ReadableSpan` of an OpenTelemetry SDK as well: methods are compared both ways. */
export type SpanFunction<R> = { of(span: ReadableSpan): R }['of'];
