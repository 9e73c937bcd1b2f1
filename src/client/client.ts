import type { Tracer } from '@opentelemetry/api';
import { noopTracer } from './noop-tracer';
import type { ReadableSpan, SpanAttributes } from './otel-types';
import type { RespanParams } from './params';
import { running, runningIfStarted } from './running';
import { noopBuffer, type SpanBuffer } from './span-buffer';

/** What `updateCurrentSpan` changes; what is left out stays. */
export interface SpanUpdate {
  name?: string;
  attributes?: SpanAttributes;
  /** `OK` or `ERROR`, or OpenTelemetry's `SpanStatusCode`. */
  status?: 'OK' | 'ERROR' | 'UNSET' | number;
  /** Goes with `ERROR`. */
  statusDescription?: string;
  respanParams?: RespanParams;
}

/**
 * What code inside a traced process can do with its spans. The span in progress is the innermost one around the code
 * that runs: an entity, a span made by hand, or one of an instrument. Where there is none, or nothing is
 * traced, every method is harmless and answers with what its type says. Nothing here throws.
 */
export interface RespanClient {
  /** The id of the trace in progress, 32 hexadecimal digits; undefined where there is none. */
  getCurrentTraceId(): string | undefined;
  /** The id of the span in progress, 16 hexadecimal digits; undefined where there is none. */
  getCurrentSpanId(): string | undefined;
  /**
   * A tracer of OpenTelemetry's, to make spans by hand with.
   *
   * @param name the instrumentation scope; by default `respan`.
   * @returns without telemetry, a tracer that runs the code it is given and records nothing.
   */
  getTracer(name?: string, version?: string): Tracer;
  /** Changes the span in progress. */
  updateCurrentSpan(update: SpanUpdate): void;
  /** Adds an event, a point in time, to the span in progress. */
  addEvent(name: string, attributes?: SpanAttributes): void;
  /** Records `error` on the span in progress and sets its status to ERROR. */
  recordException(error: unknown, attributes?: SpanAttributes): void;
  /** Whether there is a span in progress that records. */
  isRecording(): boolean;
  /** Exports what has finished. Settles when that is done or has failed; never rejects. */
  flush(): Promise<void>;
  /** A value of the app's that `setContextValue` has put into the context of this code. */
  getContextValue(key: string): unknown;
  /**
   * Puts a value of the app's into the context of what runs from here on, in this function and what it calls.
   *
   * @returns whether it was put: false without telemetry.
   */
  setContextValue(key: string, value: unknown): boolean;
  /**
   * Keeps spans back: every span started inside `fn` (by hand, by entities, by any instrument, in parallel) goes to the
   * buffer and nowhere else, until `processSpans` sends it on.
   *
   * @param traceId the trace of these spans: 32 hexadecimal digits, or any text, from which the same trace id is made
   * each time.
   * @returns what `fn` returns.
   */
  getSpanBuffer<T>(traceId: string, fn: (buffer: SpanBuffer) => T): T;
  /**
   * The same for a block: `using buffer = client.getSpanBuffer(traceId)`. In an async function declared before its first
   * `await`, the caller shares the block's context until then: prefer the form with a function there. Without `using`
   * the buffer takes what `createSpan` makes, and nothing else.
   */
  getSpanBuffer(traceId: string): SpanBuffer;
  /**
   * Sends spans that were kept back through processors, filters and export, from anywhere and as often as it is called;
   * those of one destination go out in one request.
   *
   * @returns whether every destination has taken them; false without telemetry. Never rejects.
   */
  processSpans(spans: SpanBuffer | readonly ReadableSpan[]): Promise<boolean>;
}

function getSpanBuffer<T>(traceId: string, fn: (buffer: SpanBuffer) => T): T;
function getSpanBuffer(traceId: string): SpanBuffer;
function getSpanBuffer<T>(traceId: string, fn?: (buffer: SpanBuffer) => T): T | SpanBuffer {
  const buffer = running()?.createBuffer(traceId);
  if (!fn) return buffer ?? noopBuffer(String(traceId));
  return buffer ? buffer.run(fn) : fn(noopBuffer(String(traceId)));
}

const client: RespanClient = {
  getCurrentTraceId: () => runningIfStarted()?.activeSpanContext()?.traceId,
  getCurrentSpanId: () => runningIfStarted()?.activeSpanContext()?.spanId,
  getTracer: (name, version) => running()?.getTracer(name, version) ?? noopTracer,
  updateCurrentSpan: (update) => runningIfStarted()?.updateCurrentSpan(update),
  addEvent: (name, attributes) => runningIfStarted()?.addEvent(name, attributes),
  recordException: (error, attributes) => runningIfStarted()?.recordException(error, attributes),
  isRecording: () => runningIfStarted()?.isRecording() ?? false,
  flush: async () => runningIfStarted()?.flush(),
  getContextValue: (key) => running()?.getContextValue(key),
  setContextValue: (key, value) => running()?.setContextValue(key, value) ?? false,
  getSpanBuffer,
  processSpans: async (spans) => (await running()?.processSpans(spans)) ?? false,
};

/**
 * The client of this process, always the same one.
 *
 * @returns a client that works whether or not anything is traced; see `RespanClient`.
 */
export function getClient(): RespanClient {
  return client;
}

/**
 * Puts parameters on every span that is started inside `fn`, also in what it calls and awaits. Nested calls merge; of
 * two values for the same parameter, or the same key of `metadata`, the inner one wins.
 *
 * @returns what `fn` returns. Without telemetry `fn` is just called.
 */
export function propagateAttributes<T>(params: RespanParams, fn: () => T): T {
  const code = running();
  return code ? code.propagateAttributes(params, fn) : fn();
}
