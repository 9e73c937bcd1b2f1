import type { CollectedSpan } from './collector';
import { spanBlock } from './model-span-lines';

/**
 * The traces of a framework's fixture as text: one tree a trace, in the order of its steps, with every attribute. The
 * step is named in what was asked, somewhere in the trace. Requests are left out, and ids the framework makes up.
 */
export function stepTrees(spans: CollectedSpan[]): string {
  const shown = spans.filter(({ attributes }) => attributes['http.request.method'] === undefined);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const childrenOf = (id: string | undefined) => shown.filter(({ parentSpanId }) => parentSpanId === id);
  const tree = (span: CollectedSpan, depth: number): string => {
    const block = spanBlock(span, byId).replace(UUID, '<uuid>').replace(/^/gm, '    '.repeat(depth));
    return [block, ...inOrder(childrenOf(span.spanId), (child) => tree(child, depth + 1))].join('\n');
  };
  const roots = childrenOf(undefined).map((root) => ({ step: stepOfTrace(root.traceId, spans), root }));
  return [...new Set(roots.map(({ step }) => step))]
    .sort()
    .flatMap((step) => {
      const ofStep = roots.filter((one) => one.step === step).map(({ root }) => root);
      return inOrder(ofStep, (root) => `[${step}] ${tree(root, 0)}`);
    })
    .join('\n\n');
}

const UUID = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g;

function stepOfTrace(traceId: string, spans: CollectedSpan[]): string {
  for (const span of spans) {
    if (span.traceId !== traceId) continue;
    const [, step] = /\[([\w ,]+)\] MARK-/.exec(JSON.stringify(span.attributes)) ?? [];
    if (step) return step;
  }
  return 'unknown';
}

/** Spans begin at a whole millisecond. */
const SIDE_BY_SIDE_NANOS = 1_000_000n;

/** As they began; what ran side by side in the order of its text, which does not depend on chance. */
function inOrder(spans: CollectedSpan[], text: (span: CollectedSpan) => string): string[] {
  const groups: { end: bigint; texts: string[] }[] = [];
  // Where two began in the same millisecond, the one that ended first came first.
  const sorted = [...spans].sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
  for (const span of sorted) {
    const last = groups.at(-1);
    if (last && span.startTimeUnixNano + SIDE_BY_SIDE_NANOS <= last.end) {
      last.texts.push(text(span));
      if (span.endTimeUnixNano > last.end) last.end = span.endTimeUnixNano;
    } else groups.push({ end: span.endTimeUnixNano, texts: [text(span)] });
  }
  return groups.flatMap(({ texts }) => texts.sort());
}
