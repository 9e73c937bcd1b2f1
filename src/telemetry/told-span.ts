import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-base';
import { shared } from '../config/shared';
import type { Attributes, Context } from './api';
import { removeContent } from './content-policy';
import { isWithoutContent } from './inherited';
import { DEFAULT_PROCESSOR, PROCESSORS, processorNames } from './routing';
import { bufferOf } from './span-buffer';
import { recordOf, type SpanRecord } from './span-record';
import { telemetry } from './telemetry';

/** Only this process can run what keeps content in. */
const hidesContent = (): boolean => {
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

const NEWS_MILLIS = 500;
/** At most one fiftieth of the time. */
const NEWS_SHARE = 50;

let newsTimer: NodeJS.Timeout | undefined;

/**
 * What has come of answers that are still coming is told now and then, at a bounded share of our time, until `tell`
 * answers that nobody is there any more.
 */
export function tellNewsSoon(
  tell: (news: { progress: string; attributes: Attributes }) => boolean,
  delay = NEWS_MILLIS,
): void {
  if (newsTimer) return;
  newsTimer = setTimeout(() => {
    newsTimer = undefined;
    const { openCalls } = telemetry();
    if (openCalls.size === 0) return;
    const began = performance.now();
    const isHidden = hidesContent();
    for (const { spanId, attributes } of isHidden ? [] : openCalls.news()) {
      if (!tell({ progress: spanId, attributes })) return;
    }
    tellNewsSoon(tell, Math.max(NEWS_MILLIS, (performance.now() - began) * NEWS_SHARE));
  }, delay).unref();
}
