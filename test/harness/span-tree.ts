import type { CollectedSpan } from './collector';

/**
 * Spans as an indented text tree, in the order they started: what tests compare. `show` picks the attributes
 * that matter to a test. A span whose parent was not collected is marked, for that is a fault.
 */
export function spanTree(spans: CollectedSpan[], show: string[] = []): string {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const ordered = [...spans].sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
  const lines: string[] = [];
  const visit = (span: CollectedSpan, depth: number): void => {
    lines.push('  '.repeat(depth) + describe(span, show));
    for (const child of ordered) if (child.parentSpanId === span.spanId) visit(child, depth + 1);
  };
  for (const span of ordered) {
    if (!span.parentSpanId) visit(span, 0);
    else if (!ids.has(span.parentSpanId)) {
      lines.push(`(parent missing) ${describe(span, show)}`);
    }
  }
  return lines.join('\n');
}

function describe(span: CollectedSpan, show: string[]): string {
  const shown = show
    .filter((name) => span.attributes[name] !== undefined)
    .map((name) => `${name}=${JSON.stringify(span.attributes[name])}`);
  const error = span.status.code === 2 ? ['ERROR'] : [];
  return [span.name, ...error, ...shown].join(' ');
}

/** Spans made by our model instruments, without those of HTTP and the rest. */
export function modelSpans(spans: CollectedSpan[]): CollectedSpan[] {
  return spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] !== undefined);
}

const isHttp = ({ name }: CollectedSpan): boolean => /^(GET|POST|PUT|DELETE)$/.test(name);

/** Spans without those of HTTP between them: what is left is below what the ones left out were below. A root stays. */
export function withoutHttp(spans: CollectedSpan[]): CollectedSpan[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const isLeftOut = (span: CollectedSpan): boolean => isHttp(span) && span.parentSpanId !== undefined;
  const parentOf = (span: CollectedSpan): string | undefined => {
    const parent = byId.get(span.parentSpanId ?? '');
    return parent && isLeftOut(parent) ? parentOf(parent) : span.parentSpanId;
  };
  return spans.filter((span) => !isLeftOut(span)).map((span) => ({ ...span, parentSpanId: parentOf(span) }));
}
