import { isModelCall, type TreeSpan } from './otlp-lines';

export interface Node {
  span: TreeSpan;
  children: Node[];
  /** HTTP requests left out, because the model call above says the same. */
  folded: number;
}

/** The spans of one trace as trees, in the order they started. A span whose parent is not there is a root. */
export function nest(spans: readonly TreeSpan[]): Node[] {
  const nodes = new Map(spans.map((span) => [span.spanId, { span, children: [] as Node[], folded: 0 }]));
  const roots: Node[] = [];
  for (const node of [...nodes.values()].sort((a, b) => a.span.start - b.span.start)) {
    const parent = nodes.get(node.span.parentSpanId ?? '');
    (parent?.children ?? roots).push(node);
  }
  for (const node of nodes.values()) fold(node);
  return roots;
}

/** The one HTTP request of a model call is noise; several are retries, and worth seeing. */
function fold(node: Node): void {
  const [only, ...others] = node.children;
  if (!only || others.length > 0 || !isModelCall(node.span) || !only.span.isHttpClient) return;
  node.children = only.children;
  node.folded = 1;
}
