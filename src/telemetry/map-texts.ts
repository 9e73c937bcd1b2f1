import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Every text a span carries; `name` is the attribute it is the value of, where it is one. */
export type TextMap = (text: string, name: string | undefined) => string;

/** Puts what `map` makes of it in the place of every text of a span: names, attributes, events, links and status. */
export function mapTexts(span: ReadableSpan, map: TextMap): void {
  const named = span as { name: string; status: { message?: string } };
  const name = map(span.name, undefined);
  if (name !== span.name) named.name = name;
  mapAttributes(span.attributes, map);
  for (const event of span.events) {
    const mapped = map(event.name, undefined);
    if (mapped !== event.name) (event as { name: string }).name = mapped;
    mapAttributes(event.attributes, map);
  }
  for (const link of span.links) mapAttributes(link.attributes, map);
  const { message } = span.status;
  if (message === undefined) return;
  const mapped = map(message, undefined);
  if (mapped !== message) named.status.message = mapped;
}

function mapAttributes(attributes: Record<string, unknown> | undefined, map: TextMap): void {
  for (const name in attributes) {
    const value = attributes[name];
    const mapped = mapValue(value, (text) => map(text, name));
    if (mapped !== value) attributes[name] = mapped;
  }
}

function mapValue(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (typeof value === 'number') {
    // A number may be one that says who somebody is.
    if (!Number.isSafeInteger(value) || Math.abs(value) < 1e6) return value;
    const mapped = map(String(value));
    return mapped === String(value) ? value : mapped;
  }
  if (!Array.isArray(value)) return value;
  const mapped = value.map((item) => mapValue(item, map));
  if (mapped.every((item, at) => item === value[at])) return value;
  // Lists of attributes are of one kind.
  return mapped.map((item) => (item == null ? item : String(item)));
}
