import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchQueue } from '../../src/telemetry/batch';
import { fakeSpan } from './fake-span';

interface Exported {
  names: string[];
  done(): void;
}

let exported: Exported[];
const exporter = vi.fn(() => ({
  export(spans: ReadableSpan[], callback: (result: { code: number }) => void) {
    exported.push({ names: spans.map(({ name }) => name), done: () => callback({ code: 0 }) });
  },
  shutdown: async () => {},
}));

beforeEach(() => {
  exported = [];
  exporter.mockClear();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const names = () => exported.map((batch) => batch.names);

function queueOf(options: Partial<ConstructorParameters<typeof BatchQueue>[1]> = {}) {
  const queue = new BatchQueue(exporter, {
    scheduledDelayMillis: 200,
    maxQueueSize: 5,
    maxExportBatchSize: 3,
    exportTimeoutMillis: 1000,
    ...options,
  });
  const add = (...spans: string[]) => {
    for (const name of spans) queue.add(fakeSpan({ name }));
  };
  return { queue, add };
}

it('loads the exporter with the first batch, after the delay', async () => {
  const { add } = queueOf();
  add('a');
  await vi.advanceTimersByTimeAsync(150);
  add('b');
  expect(exporter).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(50);
  expect(names()).toEqual([['a', 'b']]);
});

it('exports a full batch at once, but not while the app runs', async () => {
  const { add } = queueOf();
  add('a', 'b', 'c');
  expect(names()).toEqual([]);
  await vi.advanceTimersByTimeAsync(0);
  expect(names()).toEqual([['a', 'b', 'c']]);
});

it('has one export under way at a time, and the next one follows it', async () => {
  const { add } = queueOf();
  add('a', 'b', 'c', 'd');
  await vi.advanceTimersByTimeAsync(500);
  expect(names()).toEqual([['a', 'b', 'c']]);
  exported[0]?.done();
  await vi.advanceTimersByTimeAsync(0);
  expect(names()).toEqual([['a', 'b', 'c'], ['d']]);
});

it('goes on when an export takes too long', async () => {
  const { add } = queueOf();
  add('a', 'b', 'c', 'd');
  await vi.advanceTimersByTimeAsync(999);
  expect(names()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10);
  expect(names()).toHaveLength(2);
});

it('goes on when an exporter throws', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { queue, add } = queueOf();
  exporter.mockImplementationOnce(() => {
    throw new Error('broken');
  });
  add('a');
  await queue.flush();
  add('b');
  const flushed = queue.flush();
  exported[0]?.done();
  await flushed;
  expect(names()).toEqual([['b']]);
});

it('counts what it cannot hold', async () => {
  const { queue, add } = queueOf();
  add('a', 'b', 'c', 'd', 'e', 'f', 'g');
  expect(queue.dropped).toBe(2);
  expect(queue.drain().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(queue.isIdle()).toBe(true);
});

it('flushes everything, also what comes meanwhile', async () => {
  const { queue, add } = queueOf();
  add('a', 'b', 'c', 'd');
  let isFlushed = false;
  const flushed = queue.flush().then(() => {
    isFlushed = true;
  });
  expect(queue.isIdle()).toBe(false);
  add('e');
  exported[0]?.done();
  await vi.advanceTimersByTimeAsync(0);
  expect(isFlushed).toBe(false);
  exported[1]?.done();
  await flushed;
  expect(names()).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
  expect(queue.isIdle()).toBe(true);
});

describe('without batches', () => {
  it('exports each span as it ends, without waiting for the one before', () => {
    const { add } = queueOf({ maxExportBatchSize: 1 });
    add('a');
    expect(names()).toEqual([['a']]);
    add('b');
    expect(names()).toEqual([['a'], ['b']]);
  });

  it('has a bound of exports under way', async () => {
    const { queue, add } = queueOf({ maxExportBatchSize: 1, maxQueueSize: 100 });
    add(...Array(40).fill('a'));
    expect(exported).toHaveLength(32);
    const flushed = queue.flush();
    for (const { done } of exported) done();
    await vi.advanceTimersByTimeAsync(0);
    expect(exported).toHaveLength(40);
    for (const { done } of exported.slice(32)) done();
    await flushed;
    expect(queue.isIdle()).toBe(true);
  });

  it('is done at once where the exporter is', () => {
    const { queue, add } = queueOf({ maxExportBatchSize: 1 });
    exporter.mockImplementation(() => ({
      export: (_, callback) => callback({ code: 0 }),
      shutdown: async () => {},
    }));
    add(...Array(50).fill('a'));
    expect(queue.isIdle()).toBe(true);
    expect(queue.dropped).toBe(0);
  });
});
