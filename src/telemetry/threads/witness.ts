import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-base';
import type { Config } from '../../config/resolve';
import type { Attributes, Context } from '../api';
import type { SpanRecord } from '../span-record';

/** Told of everything that becomes of spans on their way; `to` is the name of a destination. */
export interface Witness {
  started(span: Span, context: Context): void;
  waits(to: string, span: ReadableSpan): void;
  leaves(to: string, spans: readonly ReadableSpan[]): void;
  /** The request they are in is with the operating system, as a whole. */
  isWritten(to: string, spans: readonly ReadableSpan[]): void;
  waitsAgain(to: string, spans: readonly ReadableSpan[]): void;
  isSettled(to: string, spans: readonly ReadableSpan[]): void;
  /** Somebody else sees to them now. */
  isTaken(): boolean;
  /** Called at the end of the thread: whether somebody else sees to what is left. */
  isLeftToOthers(): boolean;
}

/** A line of what a thread leaves. */
export type Word =
  | { config: Config; resource: Attributes }
  | { start: SpanRecord }
  | { progress: string; attributes: Attributes }
  | { end: SpanRecord; to: string }
  | { sending: string[]; to: string }
  | { written: string[]; to: string }
  | { again: string[]; to: string }
  | { settled: string[]; to: string };
