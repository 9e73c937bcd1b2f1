import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { removeContent } from './content-policy';
import { mapTexts } from './map-texts';

/** What decides where a span goes, and is made of names that code has. */
const STRUCTURE =
  /^(respan\.(processors|export_filter|entity\.log_(type|method))|traceloop\.span\.kind|gen_ai\.(operation|provider)\.name)$/;

export const isStructure = (name: string | undefined): boolean => name !== undefined && STRUCTURE.test(name);

/** Names of models, hosts, operations: nobody writes about anybody in these, and numbers of persons are longer. */
const isIdentifier = (text: string): boolean => /^[\w.:/-]{1,80}$/.test(text) && !/\d{7}/.test(text);

/**
 * Where what should have looked into a span has failed: no content, and nothing of anybody's own words where content is
 * not expected, in names and parameters.
 */
export function removeTexts(span: ReadableSpan): void {
  removeContent(span);
  mapTexts(span, (text, name) => (isIdentifier(text) || isStructure(name) ? text : '[redacted]'));
}
