import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Attributes, AttributeValue } from '../api';
import { LIST_LIMIT, sizeOfValue } from '../span-size';
import { isSuspicious, wellFormed } from '../suspicious-text';
import { withoutBinary } from './binary';
import { cut, levelFor, shortenText } from './text';

/** Tells readers that texts of a span were longer than they are. */
const SHORTENED = 'respan.content.shortened';
/** For names, of spans and events. */
const NAME_LIMIT = 1_000;

/** Makes the texts of a span fit: each of at most `valueLimit` characters, all of them of at most `spanLimit`. */
export function limitSpan(span: ReadableSpan, valueLimit: number, spanLimit: number): void {
  const bags: Attributes[] = [span.attributes];
  for (const { attributes } of [...span.events, ...span.links]) if (attributes) bags.push(attributes);
  let isShort = false;
  for (const bag of bags) if (limitAttributes(bag, (value) => limitValue(value, valueLimit))) isShort = true;

  const sizes = bags.flatMap((bag) => Object.values(bag).map(sizeOfValue));
  if (sizes.reduce((sum, size) => sum + size, 0) > spanLimit) {
    const level = levelFor(sizes, spanLimit);
    for (const bag of bags) if (limitAttributes(bag, (value) => limitValue(value, level))) isShort = true;
  }
  const named = span as { name: string; status: { message?: string } };
  if (named.name.length > NAME_LIMIT) named.name = cut(named.name, NAME_LIMIT);
  const { message } = span.status;
  if (message !== undefined) named.status.message = limitText(message, valueLimit);
  if (isShort) span.attributes[SHORTENED] = true;
}

/** The same on a copy, for one destination; undefined where there is nothing to be made shorter. */
export function shortenedCopy(span: ReadableSpan, characters: number): ReadableSpan | undefined {
  const copy = Object.create(span, {
    name: { value: span.name, writable: true, enumerable: true },
    attributes: { value: { ...span.attributes }, enumerable: true },
    events: {
      value: span.events.map((event) => ({ ...event, attributes: { ...event.attributes } })),
      enumerable: true,
    },
    links: {
      value: span.links.map((link) => ({ ...link, attributes: { ...link.attributes } })),
      enumerable: true,
    },
    status: { value: { ...span.status }, enumerable: true },
  }) as ReadableSpan;
  limitSpan(copy, characters, characters);
  return copy.attributes[SHORTENED] === true ? copy : undefined;
}

/** Answers whether something is shorter now. */
function limitAttributes(attributes: Attributes, limit: (value: AttributeValue) => AttributeValue): boolean {
  let isShort = false;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const limited = limit(value);
    if (limited === value) continue;
    attributes[name] = limited;
    if (sizeOfValue(limited) < sizeOfValue(value)) isShort = true;
  }
  return isShort;
}

function limitValue(value: AttributeValue, limit: number): AttributeValue {
  if (typeof value === 'string') return limitText(value, limit);
  return Array.isArray(value) ? limitList(value as unknown[], limit) : value;
}

function limitText(text: string, limit: number): string {
  const clean = isSuspicious(text) ? withoutBinary(wellFormed(text)) : text;
  return shortenText(clean, limit);
}

function limitList(list: unknown[], limit: number): AttributeValue {
  let left = Math.max(limit, LIST_LIMIT);
  let isChanged = false;
  const limited: unknown[] = [];
  for (const item of list) {
    if (left <= 0) break;
    const short = typeof item === 'string' ? limitText(item, limit) : item;
    isChanged ||= short !== item;
    left -= typeof short === 'string' ? short.length + 8 : 8;
    limited.push(short);
  }
  return (isChanged || limited.length < list.length ? limited : list) as AttributeValue;
}
