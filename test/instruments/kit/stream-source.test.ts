import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamAccumulator } from '../../../src/instruments/genai/types';
import type { ModelCall } from '../../../src/instruments/kit/model-call';
import { followSource, observeSources } from '../../../src/instruments/kit/stream-source';
import { context } from '../../../src/telemetry/api';
import { contextManager } from '../../../src/telemetry/context';
import { enterModelCall } from '../../../src/telemetry/model-call-context';

/** A stream as SDKs make it: of numbers from `from` to 3, then an end or an error. */
function streamClass() {
  return class Numbers extends ReadableStream<number> {
    constructor(from: number, error?: Error) {
      let next = from;
      super({
        pull(controller) {
          if (next <= 3) controller.enqueue(next++);
          else if (error) controller.error(error);
          else controller.close();
        },
      });
    }
  };
}

/** What a call is told. */
function watched() {
  const told: unknown[] = [];
  const items: unknown[] = [];
  const accumulator: StreamAccumulator<unknown> = {
    add: (item) => void items.push(item),
    response: () => ({ id: items.join() }),
  };
  const call = {
    chunk: () => {},
    otherwise: () => {},
    succeed: (response?: { id?: string }) => void told.push(['succeeded', response?.id]),
    fail: (error: unknown, partial?: { id?: string }) => void told.push(['failed', error, partial?.id]),
  } as unknown as ModelCall;
  return { told, call, accumulator };
}

async function readAll(stream: ReadableStream<unknown>) {
  for await (const _ of stream);
}

const inCall = <T>(fn: () => T): T => context.with(enterModelCall(context.active(), 'mine'), fn);

beforeAll(() => void context.setGlobalContextManager(contextManager));
afterAll(() => context.disable());

describe('a stream that is followed at its source', () => {
  const read = {
    'for await': readAll,
    'a reader': async (stream: ReadableStream<number>) => {
      const reader = stream.getReader();
      while (!(await reader.read()).done);
    },
    tee: async (stream: ReadableStream<number>) => {
      const [left, right] = stream.tee();
      await Promise.all([left, right].map(readAll));
    },
    pipeThrough: async (stream: ReadableStream<number>) => {
      await stream.pipeThrough(new TransformStream()).pipeTo(new WritableStream());
    },
  };
  it.each(Object.entries(read))('is seen through %s', async (_name, readWhole) => {
    const Numbers = streamClass();
    observeSources(Numbers, 'mine');
    const stream = inCall(() => new Numbers(1));
    await new Promise(setImmediate);
    const { told, call, accumulator } = watched();
    expect(followSource(stream, call, accumulator)).toBe(true);
    await readWhole(stream);
    expect(told).toEqual([['succeeded', '1,2,3']]);
  });

  it('is seen to fail, and to be canceled', async () => {
    const Numbers = streamClass();
    observeSources(Numbers, 'mine');
    const error = new Error('theirs');
    const failing = watched();
    const stream = inCall(() => new Numbers(2, error));
    followSource(stream, failing.call, failing.accumulator);
    await expect(readAll(stream)).rejects.toBe(error);
    expect(failing.told).toEqual([['failed', error, '2,3']]);

    const canceled = watched();
    const unread = inCall(() => new Numbers(3));
    followSource(unread, canceled.call, canceled.accumulator);
    await unread.cancel();
    expect(canceled.told[0]).toMatchObject(['succeeded', expect.anything()]);
  });

  it('cannot be followed where nobody is in a call, or when too much is gone', async () => {
    const Numbers = streamClass();
    observeSources(Numbers, 'mine');
    const { call, accumulator } = watched();
    expect(followSource(new Numbers(1), call, accumulator)).toBe(false);
    expect(followSource(new ReadableStream(), call, accumulator)).toBe(false);
    const long = inCall(() => new Numbers(-50));
    await readAll(long);
    expect(followSource(long, call, accumulator)).toBe(false);
  });
});

describe('the class', () => {
  it('looks as before', () => {
    const [bare, Numbers] = [streamClass(), streamClass()];
    observeSources(Numbers, 'mine');
    const stream = inCall(() => new Numbers(1));
    expect(stream).toBeInstanceOf(Numbers);
    expect(stream).toBeInstanceOf(ReadableStream);
    expect(inspect(Numbers)).toBe(inspect(bare));
    expect(inspect(stream)).toBe(inspect(new bare(1)));
    expect(Object.getPrototypeOf(Numbers.prototype)).toBe(ReadableStream.prototype);
    expect(Numbers.from).toBe(ReadableStream.from);
  });

  it('is as before when it is put back', () => {
    const Numbers = streamClass();
    const restore = observeSources(Numbers, 'mine');
    expect(observeSources(Numbers, 'mine')).not.toThrow();
    restore();
    expect(Object.getPrototypeOf(Numbers)).toBe(ReadableStream);
  });
});
