import { expect, it } from 'vitest';
import type { CollectedSpan } from './collector';
import { spanTree } from './span-tree';

const span = (name: string, id: string, parent?: string): CollectedSpan => ({
  name,
  traceId: 't',
  spanId: id,
  parentSpanId: parent,
  kind: 1,
  scope: '',
  attributes: {},
  resource: {},
  status: { code: 0 },
  events: [],
  startTimeUnixNano: BigInt(id),
  endTimeUnixNano: BigInt(id) + 1n,
});

it('indents children below parents in the order they started', () => {
  expect(spanTree([span('b', '2', '1'), span('a', '1'), span('c', '3', '2')])).toBe('a\n  b\n    c');
});

it('marks a span whose parent did not arrive', () => {
  expect(spanTree([span('b', '2', '1')])).toBe('(parent missing) b');
});
