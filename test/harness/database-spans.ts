import type { CollectedSpan } from './collector';
import { stepOf } from './model-span-lines';

/** Spans of vector store calls and of model calls, without those of HTTP and the rest. */
export function databaseSpans(spans: CollectedSpan[]): CollectedSpan[] {
  return spans.filter(
    ({ scope, attributes }) =>
      /^respan\.(?!requests|urllib3)/.test(scope) &&
      (attributes['db.system.name'] !== undefined || attributes['gen_ai.operation.name'] !== undefined),
  );
}

/** The fixture names what it calls (a namespace, a collection, a table) after its step. */
export const stepNamedBy =
  (attribute: 'db.namespace' | 'db.collection.name') =>
  (span: CollectedSpan): string => {
    if (span.attributes['gen_ai.operation.name'] !== undefined) return stepOf(span);
    return String(span.attributes[attribute] ?? 'unknown');
  };
