import { afterEach, expect, it, vi } from 'vitest';
import { modelGenerator } from '../../../src/instruments/kit/generator';
import type { ModelCall } from '../../../src/instruments/kit/model-call';
import * as calls from '../../../src/instruments/kit/model-call';

/** What becomes of the calls, instead of spans. */
const events: unknown[] = [];
vi.spyOn(calls, 'startModelCall').mockImplementation(({ name }) => {
  events.push(`begin ${name}`);
  const call: ModelCall = {
    run: (fn) => fn(),
    chunk: () => events.push('chunk'),
    succeed: () => events.push('end'),
    fail: (error) => events.push(`fail ${(error as Error).message}`),
    end: () => {},
    otherwise: () => {},
  };
  return call;
});
afterEach(() => events.splice(0));

async function* numbers(count: number): AsyncGenerator<number> {
  events.push('running');
  for (let i = 0; i < count; i++) yield i;
  if (count === 0) throw new Error('empty');
}

const traced = modelGenerator({
  instrument: 'lib',
  name: 'lib.chat',
  request: () => ({ operation: 'chat', provider: 'lib' }),
  response: () => ({}),
  accumulator: () => ({ add: () => {}, response: () => ({}) }),
})(numbers as (...args: unknown[]) => unknown) as typeof numbers;

it('begins the call with the first chunk that is asked for, once', async () => {
  const generator = traced(2);
  expect(events).toEqual([]);
  const items: number[] = [];
  for await (const item of generator) items.push(item);
  expect(items).toEqual([0, 1]);
  expect(events).toEqual(['begin lib.chat', 'running', 'chunk', 'chunk', 'end']);
});

it('is the generator itself', async () => {
  const generator = traced(1);
  expect(generator).toBeInstanceOf(numbers);
  expect(generator[Symbol.asyncIterator]()).toBe(generator);
  expect(Object.keys(generator)).toEqual([]);
  expect(await Promise.all([generator.next(), generator.next()])).toEqual([
    { done: false, value: 0 },
    { done: true, value: undefined },
  ]);
  expect(events.filter((event) => event === 'begin lib.chat')).toHaveLength(1);
});

it('makes no call of a generator that nobody asks', async () => {
  expect(await traced(1).return(7)).toEqual({ done: true, value: 7 });
  await expect(traced(1).throw(new Error('no'))).rejects.toThrow('no');
  expect(events).toEqual([]);
});

it('ends with an early break, and with an error', async () => {
  for await (const _ of traced(3)) break;
  expect(events.at(-1)).toBe('end');
  await expect(traced(0).next()).rejects.toThrow('empty');
  expect(events.at(-1)).toBe('fail empty');
});
