import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Attributes, AttributeValue } from './api';

/** What a span takes besides its texts, in memory as on the wire. */
const SPAN = 1_000;
const FIELD = 50;
/** A limit for values is one for each item of a list; all of them together may be this large at least. */
export const LIST_LIMIT = 10_000;

/** How large a span is, roughly and fast: a character counts as a byte. */
export function sizeOf(span: ReadableSpan): number {
  let size = SPAN + span.name.length + (span.status.message?.length ?? 0) + sizeOfAttributes(span.attributes);
  for (const { name, attributes } of span.events) size += FIELD + name.length + sizeOfAttributes(attributes);
  for (const { attributes } of span.links) size += 2 * FIELD + sizeOfAttributes(attributes);
  return size;
}

function sizeOfAttributes(attributes: Attributes | undefined): number {
  let size = 0;
  for (const name in attributes) size += FIELD + name.length + sizeOfValue(attributes[name]);
  return size;
}

export function sizeOfValue(value: AttributeValue | undefined): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return 8;
  let size = 0;
  for (const item of value) size += typeof item === 'string' ? item.length + 8 : 8;
  return size;
}
