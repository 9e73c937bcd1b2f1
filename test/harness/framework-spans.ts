import type { CollectedSpan } from './collector';
import { spanBlock, stepOf } from './model-span-lines';

/** For suites of frameworks: a step of the app is a trace, and written down as a tree. */

/** The step that a span's trace is of: some span of it has the `[step]` of the prompt in its input. */
export function frameworkSteps(spans: CollectedSpan[]): (span: CollectedSpan) => string {
  const steps = new Map<string, string>();
  for (const span of inOrder(spans)) {
    const step = namedIn(span);
    if (step && !steps.has(span.traceId)) steps.set(span.traceId, step);
  }
  return ({ traceId }) => steps.get(traceId) ?? 'unknown';
}

function namedIn(span: CollectedSpan): string | undefined {
  const step = stepOf(span);
  if (step !== 'unknown') return step;
  return /\[([^\]"[]+)\] (?:MARK|number)/.exec(String(span.attributes['traceloop.entity.input'] ?? ''))?.[1];
}

export const rootSpans = (spans: CollectedSpan[]): CollectedSpan[] =>
  spans.filter(({ parentSpanId }) => !parentSpanId);

const inOrder = (spans: CollectedSpan[]): CollectedSpan[] =>
  [...spans].sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));

/** Spans of requests are told by their names alone. */
const isPlumbing = ({ attributes }: CollectedSpan): boolean => 'http.request.method' in attributes;

export function spanForest(
  selected: CollectedSpan[],
  spans: CollectedSpan[],
  step: (span: CollectedSpan) => string,
): string {
  const ordered = inOrder(selected);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const lines = (span: CollectedSpan, depth: number): string[] => {
    const own = isPlumbing(span) ? [span.name] : spanBlock(span, byId).split('\n');
    const children = ordered.filter(({ parentSpanId }) => parentSpanId === span.spanId);
    return [
      ...own.map((line) => '    '.repeat(depth) + line),
      ...children.flatMap((child) => lines(child, depth + 1)),
    ];
  };
  return rootSpans(ordered)
    .map((root) => `[${step(root)}] ${lines(root, 0).join('\n')}`)
    .sort()
    .join('\n\n');
}
