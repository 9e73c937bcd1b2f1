import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { safely } from '../../config/safely';
import { aliasesOf } from './platform-alias-table';

/**
 * The span with the older attribute names that the Respan platform documents, for the Respan exporter only:
 * other destinations stay clean, and the attribute limits never see the aliases.
 */
export function withPlatformAliases(span: ReadableSpan): ReadableSpan {
  // A span of a shape nobody thought of goes out as it is, and its batch with it.
  const aliases = safely('the platform aliases', () => aliasesOf(span.attributes)) ?? {};
  if (Object.keys(aliases).length === 0) return span;
  const attributes: Attributes = { ...aliases, ...span.attributes };
  // Everything else, methods included, is the span's own.
  return Object.create(span, { attributes: { value: attributes, enumerable: true } }) as ReadableSpan;
}
