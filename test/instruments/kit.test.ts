import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { errorStatus, errorType } from '../../src/instruments/genai/error-type';
import { providerAt, serverOf } from '../../src/instruments/genai/providers';
import { patch } from '../../src/instruments/kit/wrap';
import { followed, followIterator, followWhenAsked, standIn } from '../../src/telemetry/follow';

const nothing = () => {};

describe('followed', () => {
  it('sees value and error before anybody else does', async () => {
    const events: unknown[] = [];
    await followed(Promise.resolve(1), (value) => events.push(['seen', value]), nothing).then((value) =>
      events.push(value),
    );
    const error = new Error('mine');
    await followed(Promise.reject(error), nothing, (seen) => events.push(seen === error)).catch((same) =>
      events.push(same === error),
    );
    expect(events).toEqual([['seen', 1], 1, true, true]);
  });

  it('passes on what came when the observer throws', async () => {
    const broken = () => {
      throw new Error('ours');
    };
    await expect(followed(Promise.resolve(1), broken, broken)).resolves.toBe(1);
    await expect(followed(Promise.reject(new Error('theirs')), broken, broken)).rejects.toThrow('theirs');
  });
});

describe('followWhenAsked', () => {
  class Own<T> extends Promise<T> {}

  it('looks only when somebody else does', async () => {
    const events: unknown[] = [];
    const promise = Own.resolve(1);
    followWhenAsked(promise, (value) => events.push(['seen', value]), nothing);
    await new Promise(setImmediate);
    expect(events).toEqual([]);
    events.push(await promise, await promise);
    expect(events).toEqual([['seen', 1], 1, 1]);
  });
});

describe('standIn', () => {
  it('looks like what it stands for, also when it is printed', () => {
    async function* iterator(_a: unknown, _b: unknown) {}
    const holder = {
      iterator: standIn(iterator, (original, self, args) => Reflect.apply(original, self, args)),
    };
    expect(inspect(holder)).toBe(inspect({ iterator }));
    expect([holder.iterator.name, holder.iterator.length]).toEqual(['iterator', 2]);
    expect(holder.iterator.constructor).toBe(iterator.constructor);
    expect(Object.keys(holder.iterator)).toEqual([]);
  });
});

describe('followIterator', () => {
  async function* numbers() {
    yield 1;
    yield 2;
  }
  function watched(iterator: AsyncGenerator<number>) {
    const events: unknown[] = [];
    followIterator<number, AsyncGenerator<number>>(iterator, {
      onItem: (item) => events.push(item),
      onDone: () => events.push('done'),
      onError: (error) => events.push(error),
    });
    return events;
  }

  it('is the very iterator, and sees it through', async () => {
    const iterator = numbers();
    const events = watched(iterator);
    const items: number[] = [];
    for await (const item of iterator) items.push(item);
    expect(items).toEqual([1, 2]);
    expect(events).toEqual([1, 2, 'done']);
  });

  it('sees an early end', async () => {
    const iterator = numbers();
    const events = watched(iterator);
    for await (const _ of iterator) break;
    expect(events).toEqual([1, 'done']);
  });

  it('sees an error and passes it on', async () => {
    const error = new Error('mine');
    const iterator = (async function* () {
      yield 1;
      throw error;
    })();
    const events = watched(iterator);
    await iterator.next();
    await expect(iterator.next()).rejects.toBe(error);
    expect(events).toEqual([1, error]);
  });
});

describe('patch', () => {
  it('puts everything back when a step throws, and wraps nothing twice', () => {
    class Library {
      call() {
        return 'theirs';
      }
    }
    const { call } = Library.prototype;
    const around = (original: (...args: unknown[]) => unknown) => () => `${String(original())}, seen`;
    expect(() =>
      patch((wrap) => {
        wrap(Library.prototype, 'call', around);
        wrap(Object.freeze({ call: nothing }), 'call', around);
      }),
    ).toThrow();
    expect(Library.prototype.call).toBe(call);
    for (const _ of [1, 2]) patch((wrap) => wrap(Library.prototype, 'call', around));
    expect(new Library().call()).toBe('theirs, seen');
    expect([Library.prototype.call.name, Object.keys(Library.prototype)]).toEqual(['call', []]);
  });
});

describe('what is wrapped', () => {
  const Library = {
    async answer(_question: string) {
      return 'theirs';
    },
  };
  const before = Function.prototype.toString.call(Library.answer);
  const source = Function.prototype.toString.call(Function.prototype.toString);
  patch((wrap) =>
    wrap(Library, 'answer', (original) => ({ traced: (...args: unknown[]) => original(...args) }).traced),
  );

  it('says the source of what was there, and has no mark', () => {
    expect([String(Library.answer), `${Library.answer}`]).toEqual([before, before]);
    expect(Object.getOwnPropertyNames(Library.answer)).toEqual(['length', 'name']);
    expect(Object.getPrototypeOf(Library.answer)).toBe((async () => {}).constructor.prototype);
  });

  it('leaves the source of everything else as it is', () => {
    const answering = Function.prototype.toString;
    expect(answering.call(answering)).toBe(source);
    expect([answering.name, answering.length, Object.hasOwn(answering, 'prototype')]).toEqual([
      'toString',
      0,
      false,
    ]);
    expect(() => answering.call({})).toThrow(TypeError);
    expect(String(class A {})).toBe('class A {}');
  });
});

describe('providers', () => {
  it.each([
    ['https://api.openai.com/v1', 'openai'],
    ['https://eu.api.openai.com/v1', 'openai'],
    ['https://mine.openai.azure.com/openai', 'azure.ai.openai'],
    ['https://mine.cognitiveservices.azure.com/openai', 'azure.ai.openai'],
    ['https://mine.services.ai.azure.com/models', 'azure.ai.inference'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.deepseek.com', 'deepseek'],
    ['https://api.x.ai/v1', 'x_ai'],
    ['https://api.perplexity.ai', 'perplexity'],
    ['https://api.groq.com/openai/v1', 'groq'],
    ['https://api.mistral.ai/v1', 'mistral_ai'],
    ['https://generativelanguage.googleapis.com/v1beta/openai/', 'gcp.gemini'],
    ['https://us-central1-aiplatform.googleapis.com/v1', 'gcp.vertex_ai'],
    ['https://api.together.xyz/v1', 'together_ai'],
    ['https://inference.eu.aleph-alpha.com/v1', 'aleph_alpha'],
    ['http://localhost:11434/v1', 'ollama'],
    ['http://127.0.0.1:8000/v1', 'vllm'],
    ['http://[::1]:1234/v1', 'lm_studio'],
    ['http://localhost:4000/v1', 'fallback'],
    ['https://gateway.example.com:11434/v1', 'fallback'],
    ['https://notapi.x.ai.example.com/v1', 'fallback'],
    ['https://openrouter.ai.evil.example/v1', 'fallback'],
  ])('%s is %s', (url, provider) => {
    expect(providerAt(serverOf(url), provider === 'openai' ? 'openai' : 'fallback')).toBe(provider);
  });

  it.each(['', undefined, null, 5, 'not a url', {}])('%s is no server', (url) => {
    expect(serverOf(url)).toBeUndefined();
    expect(providerAt(serverOf(url), 'fallback')).toBe('fallback');
  });

  it('tells the port that is not written', () => {
    expect(serverOf('https://a.example/v1')).toEqual({ address: 'a.example', port: 443 });
    expect(serverOf('http://a.example:81')).toEqual({ address: 'a.example', port: 81 });
    expect(serverOf('http://a.example')?.port).toBe(80);
  });
});

describe('errorType', () => {
  class APIError extends Error {}
  class RateLimitError extends APIError {}
  class CohereError extends Error {}
  it('is the class, the status, the code or the type', () => {
    expect(errorType(new RateLimitError())).toBe('RateLimitError');
    expect(errorType(Object.assign(new APIError(), { status: 418 }))).toBe('418');
    expect(errorType(Object.assign(new Error(), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
    expect(errorType(Object.assign(new APIError(), { type: 'server_error' }))).toBe('server_error');
    class BedrockServiceException extends Error {
      override name = 'UnrecognizedClientException';
      $metadata = { httpStatusCode: 403 };
    }
    expect(errorType(new BedrockServiceException())).toBe('UnrecognizedClientException');
    expect(errorStatus(new BedrockServiceException())).toBe(403);
    expect(errorType(Object.assign(new APIError(), { error: { type: 'server_error' } }))).toBe(
      'server_error',
    );
    expect(errorType(Object.assign(new CohereError(), { statusCode: 418 }))).toBe('418');
    expect(errorType(new CohereError())).toBe('CohereError');
    expect(errorType(new DOMException('stop', 'AbortError'))).toBe('AbortError');
    expect(errorType(new Error('no'))).toBe('Error');
    expect(errorType('text')).toBe('string');
    expect(errorType(null)).toBe('object');
    expect(errorType(Object.create(null))).toBe('_OTHER');
  });
});

describe('patch', () => {
  it('leaves an inherited method to the parent class, whoever patches it there later', () => {
    class Parent {
      send(text: string) {
        return `parent ${text}`;
      }
    }
    class Child extends Parent {}
    patch((wrap) =>
      wrap(
        Child.prototype,
        'send',
        (original) =>
          function (this: unknown, ...args) {
            return `traced ${String(original.apply(this, args))}`;
          },
      ),
    );
    expect([new Child().send('a'), new Parent().send('a')]).toEqual(['traced parent a', 'parent a']);
    Parent.prototype.send = (text) => `patched ${text}`;
    expect(new Child().send('a')).toBe('traced patched a');
    expect([Child.prototype.send.name, Child.prototype.send.length]).toEqual(['send', 1]);
  });
});
