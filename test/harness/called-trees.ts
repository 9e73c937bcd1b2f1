import type { CollectedSpan } from './collector';
import { spanTree } from './span-tree';

/** What fixtures/infrastructure/services.cjs calls its servers with. */
const CALLER = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

/**
 * Requests come with a trace: its spans are told apart from those that the app begins by itself.
 */
export function calledTree(spans: CollectedSpan[], show: string[]): string {
  const rooted = spans.map((span) => ({
    ...span,
    ...(span.parentSpanId === CALLER.spanId && { name: `(called) ${span.name}`, parentSpanId: undefined }),
  }));
  return spanTree(rooted, show);
}

/** Spans of a request that are in another trace than the request. */
export function strays(spans: CollectedSpan[]): string[] {
  const traces = new Map(spans.map(({ spanId, traceId }) => [spanId, traceId]));
  return spans
    .filter(({ parentSpanId, traceId }) => {
      const expected = parentSpanId === CALLER.spanId ? CALLER.traceId : traces.get(parentSpanId ?? '');
      return parentSpanId !== undefined && traceId !== expected;
    })
    .map(({ name }) => name);
}
