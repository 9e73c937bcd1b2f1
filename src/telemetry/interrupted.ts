import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { SpanStatusCode } from './api';

/** What ended a span that was still open. */
export interface Interruption {
  /** A signal's name, `exit code 3`, or the class of the error that ended the process. */
  by: string;
  /** At the natural end nothing went wrong: nobody went on with it. */
  isFailure: boolean;
}

export const INTERRUPTED = 'respan.interrupted';
export const INTERRUPTED_BY = 'respan.interrupted_by';
const ERROR_TYPE = 'error.type';
const FINISH_REASONS = 'gen_ai.response.finish_reasons';

let current: Interruption | undefined;

/** Spans that end in `fn` are marked as interrupted; with undefined they are not, whatever is going on. */
export function interrupt(interruption: Interruption | undefined, fn: () => void): void {
  const before = current;
  current = interruption;
  try {
    fn();
  } finally {
    current = before;
  }
}

/** Called with every span as it ends. */
export function markIfInterrupted(span: ReadableSpan): void {
  if (current) markInterrupted(span, current);
}

/** An answer that had come to its end is a whole one, whatever became of the stream it came in. */
export function markInterrupted(span: ReadableSpan, { by, isFailure }: Interruption): void {
  const { attributes } = span;
  if (attributes[FINISH_REASONS] !== undefined || span.status.code === SpanStatusCode.ERROR) return;
  attributes[INTERRUPTED] = true;
  attributes[INTERRUPTED_BY] = by;
  if (!isFailure) return;
  attributes[ERROR_TYPE] ??= 'interrupted';
  (span as { status: ReadableSpan['status'] }).status = {
    code: SpanStatusCode.ERROR,
    message: `interrupted by ${by}`,
  };
}
