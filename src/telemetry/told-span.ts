import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-base';
import { shared } from '../config/shared';
import type { Context } from './api';
import { removeContent } from './content-policy';
import { isWithoutContent } from './inherited';
import { DEFAULT_PROCESSOR, PROCESSORS, processorNames } from './routing';
import { bufferOf } from './span-buffer';
import { recordOf, type SpanRecord } from './span-record';

/** Only this process can run what keeps content in. */
export const hidesContent = (): boolean => {
  const { spanPostprocessCallback, redact = [] } = shared()?.options ?? {};
  return spanPostprocessCallback !== undefined || redact.length > 0;
};

/** Spans of a buffer leave when somebody says so, and those of another processor never. */
export function isForUs(span: Span): boolean {
  if ((span.spanContext().traceFlags & 1) === 0 || bufferOf(span)) return false;
  const names = processorNames(span.attributes[PROCESSORS]);
  return names.length === 0 || names.includes(DEFAULT_PROCESSOR);
}

/** What only this process could take out of it does not leave in the first place. */
export function startOf(span: Span, context: Context): SpanRecord {
  const record = recordOf(span, false);
  if (!isWithoutContent(context) && !hidesContent()) return record;
  const copy = {
    ...span,
    attributes: { ...span.attributes },
    events: [],
    links: [],
    status: { ...span.status },
  };
  removeContent(copy as unknown as ReadableSpan);
  const { events: _, links: __, ...rest } = record;
  return { ...rest, attributes: copy.attributes };
}
