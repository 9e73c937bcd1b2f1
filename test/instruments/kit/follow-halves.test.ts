import { describe, expect, it } from 'vitest';
import type { ModelResponse } from '../../../src/instruments/genai/types';
import { followHalves, type Halves, isHalves } from '../../../src/instruments/kit/follow-halves';
import type { Known, ModelCall } from '../../../src/instruments/kit/model-call';

/** A call that says how it ended. */
function fakeCall() {
  const ends: unknown[] = [];
  let known: () => Known = () => ({});
  const end = (how: string, response?: ModelResponse) => {
    if (ends.length === 0) ends.push(how, response?.id, response?.messages?.[0]?.parts);
  };
  const call: ModelCall = {
    run: (fn) => fn(),
    chunk: () => {},
    succeed: (response) => end('succeeded', response),
    fail: (error, partial) => end(`failed: ${(error as Error).message}`, partial),
    end: (answer) => end('succeeded', answer().response),
    otherwise: (answer) => {
      known = answer;
    },
  };
  return { call, ends, settle: () => call.end(known) };
}

/** Ids are of chunks alone. */
function accumulator() {
  const words: string[] = [];
  let id: string | undefined;
  return {
    add(chunk: unknown) {
      const { word, ...rest } = chunk as { word: string; id?: string };
      words.push(word);
      id ??= rest.id;
    },
    response: () => ({
      id,
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: words.join(' ') }] }],
    }),
  };
}

function halves(fails = false) {
  let finish = (): void => {};
  const response = new Promise<unknown>((resolve, reject) => {
    finish = () => (fails ? reject(new Error('cut')) : resolve({ word: 'all of it' }));
  });
  async function* chunks() {
    yield { word: 'one', id: 'r1' };
    yield { word: 'two', id: 'r1' };
    if (fails) throw new Error('cut');
  }
  const answer: Halves = { stream: chunks(), response };
  return { answer, finish: () => finish() };
}

const text = (content: string) => [{ type: 'text', content }];
const turns = () => new Promise(setImmediate);

describe('an answer of two halves', () => {
  it('ends with its stream, where that is read to the end', async () => {
    const { call, ends } = fakeCall();
    const { answer, finish } = halves();
    followHalves(answer, call, accumulator, false);
    await answer.stream.next();
    finish();
    await turns();
    expect(ends).toEqual([]);
    for await (const _ of answer.stream as AsyncGenerator);
    expect(ends).toEqual(['succeeded', 'r1', text('one two')]);
    expect(await answer.response).toEqual({ word: 'all of it' });
  });

  it('ends with the whole response, where nobody reads the stream', async () => {
    const { call, ends } = fakeCall();
    const { answer, finish } = halves();
    followHalves(answer, call, accumulator, false);
    finish();
    await turns();
    expect(ends).toEqual(['succeeded', undefined, text('all of it')]);
  });

  it.each(['before', 'after'])('ends with both, where reading stops %s the whole came', async (when) => {
    const { call, ends } = fakeCall();
    const { answer, finish } = halves();
    followHalves(answer, call, accumulator, false);
    await answer.stream.next();
    if (when === 'after') finish();
    await turns();
    await answer.stream.return?.();
    await answer.stream.next();
    if (when === 'before') finish();
    await turns();
    expect(ends).toEqual(['succeeded', 'r1', text('all of it')]);
  });

  it('fails with its stream, or else with the whole', async () => {
    const read = fakeCall();
    const one = halves(true);
    followHalves(one.answer, read.call, accumulator, true);
    one.finish();
    await expect(async () => {
      for await (const _ of one.answer.stream as AsyncGenerator);
    }).rejects.toThrow('cut');
    expect(read.ends).toEqual(['failed: cut', 'r1', text('one two')]);

    const unread = fakeCall();
    const other = halves(true);
    followHalves(other.answer, unread.call, accumulator, false);
    other.finish();
    await expect(other.answer.response).rejects.toThrow('cut');
    expect(unread.ends).toEqual(['failed: cut', undefined, text('')]);
  });

  it('leaves a rejection unhandled that the library does not handle', async () => {
    const unhandled: string[] = [];
    const listener = (error: Error) => unhandled.push(error.message);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', listener);
    for (const isHandled of [true, false]) {
      const { answer, finish } = halves(true);
      followHalves(answer, fakeCall().call, accumulator, isHandled);
      finish();
      await turns();
      expect(unhandled).toEqual(isHandled ? [] : ['cut']);
    }
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  });

  it('is known as far as it came, should nobody end it', async () => {
    const { call, ends, settle } = fakeCall();
    const { answer } = halves();
    followHalves(answer, call, accumulator, false);
    await answer.stream.next();
    settle();
    expect(ends).toEqual(['succeeded', 'r1', text('one')]);
  });

  it('is told from other answers', () => {
    expect(isHalves(halves().answer)).toBe(true);
    for (const other of [undefined, null, 7, {}, { response: {} }, { stream: {}, response: {} }]) {
      expect(isHalves(other)).toBe(false);
    }
  });
});
