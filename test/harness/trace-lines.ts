import type { CollectedSpan } from './collector';
import { detailLines, statusOf } from './model-span-lines';

/**
 * Traces as trees to compare and to read in a snapshot, in the order of their steps' names: every span with every
 * attribute below its parent. What ran one after the other is in this order; what ran at the same time, in one that
 * does not depend on chance.
 */
export function traceLines(spans: readonly CollectedSpan[]): string {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !parentSpanId || !ids.has(parentSpanId));
  return inOrder(roots, spans)
    .map((text) => [stepIn(text), text] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([step, text]) => `[${step}] ${text}`)
    .join('\n\n');
}

function inOrder(siblings: readonly CollectedSpan[], spans: readonly CollectedSpan[]): string[] {
  const byStart = [...siblings].sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
  const groups: { end: bigint; texts: string[] }[] = [];
  for (const span of byStart) {
    const text = treeOf(span, spans);
    const group = groups.at(-1);
    if (!group || span.startTimeUnixNano >= group.end) {
      groups.push({ end: span.endTimeUnixNano, texts: [text] });
      continue;
    }
    group.texts.push(text);
    if (span.endTimeUnixNano > group.end) group.end = span.endTimeUnixNano;
  }
  return groups.flatMap(({ texts }) => texts.sort());
}

function treeOf(span: CollectedSpan, spans: readonly CollectedSpan[]): string {
  const children = inOrder(
    spans.filter(({ parentSpanId }) => parentSpanId === span.spanId),
    spans,
  );
  return [
    `${span.name}, ${statusOf(span)}`,
    ...detailLines(span).map(levelled),
    ...children.map((child) => child.replace(/^/gm, '    ')),
  ].join('\n');
}

/** Ids that are made anew in each run. */
const levelled = (line: string): string =>
  line
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\b[0-9a-f]{32}\b/g, '<hash>')
    .replace(/chatcmpl-[\w-]{12,}/g, 'chatcmpl-<id>');

/** The step of the fixture app that left a text: a prompt in it says so. */
const stepIn = (text: string): string => /\[([a-z][^\]"\\{}]+)\] /.exec(text)?.[1] ?? 'unknown';
