import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** The code is read for the first span that is too large for a backend. */
export function shorter(span: ReadableSpan, characters: number): ReadableSpan | undefined {
  const { shortenedCopy } = require('../shorten/span') as typeof import('../shorten/span');
  return shortenedCopy(span, characters);
}
