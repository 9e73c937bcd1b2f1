import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchQueue } from '../../src/telemetry/batch';
import { Delivery } from '../../src/telemetry/delivery';
import type { Exporter, ExportOutcome } from '../../src/telemetry/exporter';
import { fakeSpan } from './fake-span';

interface Exported {
  names: string[];
  spans: ReadableSpan[];
  done(outcome?: ExportOutcome): void;
}

let exported: Exported[];
const exporter = vi.fn<() => Exporter>(() => ({
  export(spans, callback) {
    exported.push({
      names: spans.map(({ name }) => name),
      spans,
      done: (outcome = { code: 0 }) => callback(outcome),
    });
  },
  shutdown: async () => {},
}));

beforeEach(() => {
  exported = [];
  exporter.mockReset();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const names = () => exported.map((batch) => batch.names);

function queueOf(options: Partial<ConstructorParameters<typeof BatchQueue>[1]> = {}) {
  const delivery = new Delivery('the backend');
  const given = {
    scheduledDelayMillis: 200,
    maxQueueSize: 5,
    maxQueueBytes: 1e6,
    maxExportBatchSize: 3,
    maxBatchBytes: 1e6,
    exportTimeoutMillis: 1000,
    ...options,
  };
  const queue = new BatchQueue(exporter, given, delivery);
  const add = (...spans: string[]) => {
    for (const name of spans) queue.add(fakeSpan({ name }));
  };
  return { queue, add, delivery };
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

it('has several under way where full batches pile up', async () => {
  const { queue, add } = queueOf({ maxQueueSize: 100 });
  add(...'abcdefghijklmnopq');
  await vi.advanceTimersByTimeAsync(500);
  expect(names().map((batch) => batch.join(''))).toEqual(['abc', 'def', 'ghi', 'jkl']);
  const flushed = queue.flush();
  for (const batch of exported) batch.done();
  await vi.advanceTimersByTimeAsync(0);
  for (const batch of exported.slice(4)) batch.done();
  await vi.advanceTimersByTimeAsync(0);
  for (const batch of exported.slice(5)) batch.done();
  await flushed;
  expect(names().slice(4).flat().join('')).toBe('mnopq');
});

it('counts it once when several fail at the same time', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const { add } = queueOf({ maxQueueSize: 100 });
  add(...'abcdefghijkl');
  await vi.advanceTimersByTimeAsync(0);
  expect(exported).toHaveLength(4);
  for (const { spans, done } of [...exported]) done({ code: 1, retry: { spans } });
  await vi.advanceTimersByTimeAsync(499);
  expect(exported).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(1);
  // One asks whether the backend works again.
  expect(exported).toHaveLength(5);
  exported[4]?.done();
  await vi.advanceTimersByTimeAsync(0);
  expect(exported.slice(4).flatMap((batch) => batch.names)).toHaveLength(12);
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

it('keeps the newest of what it cannot hold, by count, and counts the others', async () => {
  const { queue, add, delivery } = queueOf();
  add('a', 'b', 'c', 'd', 'e', 'f', 'g');
  expect(delivery.lost).toBe(2);
  expect(queue.drain().map(({ name }) => name)).toEqual(['c', 'd', 'e', 'f', 'g']);
  expect(queue.isIdle()).toBe(true);
});

const large = (name: string, characters: number) =>
  fakeSpan({ name, attributes: { 'gen_ai.input.messages': 'x'.repeat(characters) } });

it('keeps the newest of what it cannot hold, by size', () => {
  const { queue, delivery } = queueOf({ maxQueueBytes: 250_000 });
  for (const name of ['a', 'b', 'c', 'd']) queue.add(large(name, 100_000));
  expect(delivery.lost).toBe(2);
  expect(queue.drain().map(({ name }) => name)).toEqual(['c', 'd']);
  queue.add(large('more than it holds', 300_000));
  expect(delivery.lost).toBe(3);
  expect(queue.isIdle()).toBe(true);
});

it('has no more in a batch than a backend takes, but for a span that is larger by itself', async () => {
  const { queue } = queueOf({ maxBatchBytes: 250_000 });
  for (const [name, size] of [
    ['a', 100_000],
    ['b', 100_000],
    ['c', 100_000],
    ['d', 300_000],
    ['e', 1],
  ] as const)
    queue.add(large(name, size));
  const flushed = queue.flush();
  for (let i = 0; i < 4; i++) {
    await vi.advanceTimersByTimeAsync(0);
    exported[i]?.done();
  }
  await flushed;
  expect(names()).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
});

it('makes smaller batches for a backend that found one too large', async () => {
  const { queue } = queueOf({ maxBatchBytes: 1e6, maxQueueBytes: 1e7 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) queue.add(large(name, 200_000));
  const flushed = queue.flush();
  for (const wasTooLarge of [true, false, false]) {
    await vi.advanceTimersByTimeAsync(0);
    exported.at(-1)?.done({ code: 0, wasTooLarge });
  }
  await flushed;
  expect(names()).toEqual([['a', 'b', 'c'], ['d'], ['e']]);
});

describe('what may be tried again', () => {
  const failed = (batch: Exported | undefined, more = {}) =>
    batch?.done({ code: 1, retry: { spans: batch.spans, ...more } });

  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5));

  it('is, first of all, after growing pauses, and nothing else meanwhile', async () => {
    const { queue, add, delivery } = queueOf({ maxQueueSize: 100 });
    add('a', 'b', 'c', 'd');
    await vi.advanceTimersByTimeAsync(0);
    for (const [pause, attempts] of [
      [500, 2],
      [1_000, 3],
      [2_000, 4],
      [4_000, 5],
      [8_000, 6],
      [16_000, 7],
      [30_000, 8],
      [30_000, 9],
    ] as const) {
      failed(exported.at(-1));
      await vi.advanceTimersByTimeAsync(pause - 1);
      add('meanwhile');
      expect(exported).toHaveLength(attempts - 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(exported.at(-1)?.names).toEqual(['a', 'b', 'c']);
      expect(exported).toHaveLength(attempts);
    }
    exported.at(-1)?.done();
    await vi.advanceTimersByTimeAsync(0);
    expect(exported[9]?.names).toEqual(['d', 'meanwhile', 'meanwhile']);
    expect(delivery.lost).toBe(0);
    expect(queue.isIdle()).toBe(false);
  });

  it('waits as long as the backend asks for', async () => {
    const { add } = queueOf();
    add('a', 'b', 'c');
    await vi.advanceTimersByTimeAsync(0);
    failed(exported[0], { afterMillis: 120_000 });
    await vi.advanceTimersByTimeAsync(119_999);
    expect(exported).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(exported).toHaveLength(2);
  });

  it('makes room for newer ones in the end', async () => {
    const { queue, add, delivery } = queueOf();
    add('a', 'b', 'c');
    await vi.advanceTimersByTimeAsync(0);
    add('d', 'e', 'f', 'g');
    failed(exported[0]);
    await vi.advanceTimersByTimeAsync(0);
    expect(delivery.lost).toBe(2);
    expect(queue.drain().map(({ name }) => name)).toEqual(['c', 'd', 'e', 'f', 'g']);
  });

  it('can be taken out, also while it is under way, and its answer no longer counts', async () => {
    const { queue, add, delivery } = queueOf();
    add('a', 'b', 'c', 'd');
    await vi.advanceTimersByTimeAsync(0);
    expect(queue.drain().map(({ name }) => name)).toEqual(['d']);
    expect(queue.drainUnderway().map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    failed(exported[0]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(exported).toHaveLength(1);
    expect(queue.isIdle()).toBe(true);
    expect([delivery.sent, delivery.lost]).toEqual([0, 0]);
  });

  it('stays when a flush gives up, which it does after a few attempts', async () => {
    const { queue, add } = queueOf({ exportTimeoutMillis: 30_000 });
    add('a');
    let isFlushed = false;
    void queue.flush().then(() => {
      isFlushed = true;
    });
    for (const pause of [500, 1_000]) {
      failed(exported.at(-1));
      await vi.advanceTimersByTimeAsync(pause);
    }
    expect(isFlushed).toBe(false);
    failed(exported.at(-1));
    await vi.advanceTimersByTimeAsync(0);
    expect(isFlushed).toBe(true);
    expect(exported).toHaveLength(3);
    // An app that flushes after each request does not wait for a backend that is known to be away.
    await queue.flush();
    expect(exported).toHaveLength(3);
    expect(queue.drain()).toHaveLength(1);
  });

  it('is tried again at once, and often, when the app ends', async () => {
    const { queue, add } = queueOf();
    add('a', 'b', 'c');
    await vi.advanceTimersByTimeAsync(0);
    failed(exported[0], { afterMillis: 60_000 });
    await vi.advanceTimersByTimeAsync(0);
    queue.setUrgency('ending');
    const flushed = queue.flush();
    expect(exported).toHaveLength(2);
    for (const pause of [100, 200, 400]) {
      failed(exported.at(-1));
      await vi.advanceTimersByTimeAsync(pause);
    }
    expect(exported).toHaveLength(5);
    exported.at(-1)?.done();
    await flushed;
    expect(queue.isIdle()).toBe(true);
  });

  it('is not waited for when the app ends and nobody listens there, or time is over', async () => {
    for (const isGone of [true, false]) {
      exported = [];
      const { queue, add, delivery } = queueOf();
      add('a', 'b', 'c');
      queue.setUrgency('ending');
      const flushed = queue.flush();
      failed(exported[0], { isGone });
      if (!isGone) {
        await vi.advanceTimersByTimeAsync(0);
        queue.setUrgency('over');
      }
      await flushed;
      expect(exported).toHaveLength(1);
      // Or the end of the app would never come.
      expect(queue.isIdle()).toBe(true);
      queue.conclude();
      expect(delivery.lost).toBe(3);
    }
  });

  it('is kept where it can be, for another process', async () => {
    const kept: string[] = [];
    const keep = (spans: ReadableSpan[]) => {
      kept.push(spans.map(({ name }) => name).join(''));
      return true;
    };
    exporter.mockImplementation(() => ({ export: () => {}, shutdown: async () => {}, keep }));
    const { queue, add, delivery } = queueOf();
    add('a', 'b', 'c', 'd', 'e', 'f');
    expect(kept).toEqual(['abc']);
    queue.conclude();
    expect(kept).toEqual(['abc', 'def']);
    expect(delivery.lost).toBe(0);
  });
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
    const { queue, add, delivery } = queueOf({ maxExportBatchSize: 1 });
    exporter.mockImplementation(() => ({
      export: (_, callback) => callback({ code: 0 }),
      shutdown: async () => {},
    }));
    add(...Array(50).fill('a'));
    expect(queue.isIdle()).toBe(true);
    expect([delivery.sent, delivery.lost]).toEqual([50, 0]);
  });
});
