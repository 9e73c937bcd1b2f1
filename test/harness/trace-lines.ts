import type { CollectedSpan } from './collector';
import { detailLines, statusOf } from './model-span-lines';

/**
 * Traces as trees to compare and to read in a snapshot, in the order of their steps' names: every span with every
 * attribute below its parent. Below it, what ran one after the other is in this order; what ran at the same time, in
 * one that does not depend on chance.
 */
export function traceLines(spans: readonly CollectedSpan[]): string {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !parentSpanId || !ids.has(parentSpanId));
  return roots
    .map((root) => treeOf(root, spans))
    .map((text) => `[${stepIn(text)}] ${text}`)
    .sort()
    .join('\n\n');
}

/** By the end of each, which is how they came; times are good to a millisecond. */
function inOrder(siblings: readonly CollectedSpan[], spans: readonly CollectedSpan[]): string[] {
  const groups: { members: CollectedSpan[]; texts: string[] }[] = [];
  for (const span of siblings) {
    const text = treeOf(span, spans);
    const group = groups.at(-1);
    if (group?.members.some((other) => areTogether(other, span))) {
      group.members.push(span);
      group.texts.push(text);
    } else groups.push({ members: [span], texts: [text] });
  }
  return groups.flatMap(({ texts }) => texts.sort());
}

const NOISE = 1_500_000n;

const areTogether = (a: CollectedSpan, b: CollectedSpan): boolean =>
  a.startTimeUnixNano + NOISE < b.endTimeUnixNano && b.startTimeUnixNano + NOISE < a.endTimeUnixNano;

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
