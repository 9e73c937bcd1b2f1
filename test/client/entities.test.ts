import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { respan, testing } from './package';

const { agent, getClient, task, tool, withAgent, withTask, withTool, withWorkflow, workflow } = respan;
const spans = testing.traceInMemory({ logLevel: 'CRITICAL' });
beforeEach(() => spans.reset());
afterAll(() => spans.stop());

const seen = () =>
  spans.getFinishedSpans().map(({ name, attributes, status }) => ({
    name,
    input: parsed(attributes['traceloop.entity.input']),
    output: parsed(attributes['traceloop.entity.output']),
    status: status.code,
  }));
const parsed = (json: unknown): unknown => (typeof json === 'string' ? JSON.parse(json) : json);
const names = () => spans.getFinishedSpans().map(({ name }) => name);
const only = () => {
  const [span, ...more] = spans.getFinishedSpans();
  expect(more).toEqual([]);
  return span!;
};
const isActive = () => getClient().isRecording();

describe('every form of an entity', () => {
  it.each([
    ['workflow', workflow, withWorkflow],
    ['task', task, withTask],
    ['agent', agent, withAgent],
    ['tool', tool, withTool],
  ] as const)('%s', (kind, make, run) => {
    const add = (a: number, b: number) => a + b;
    expect(make({ name: 'one' }, add)(1, 2)).toBe(3);
    expect(make({ name: 'two' })(add)(1, 2)).toBe(3);
    expect(make(add)(1, 2)).toBe(3);
    expect(make()(add)(1, 2)).toBe(3);
    expect(run({ name: 'three' }, add, 1, 2)).toBe(3);
    expect(names()).toEqual(['one', 'two', 'add', 'add', 'three'].map((name) => `${name}.${kind}`));
    for (const { attributes } of spans.getFinishedSpans()) {
      expect(attributes).toMatchObject({
        'traceloop.span.kind': kind,
        'respan.entity.log_type': kind,
        'traceloop.entity.input': '{"args":[1,2],"kwargs":{}}',
        'traceloop.entity.output': '3',
      });
    }
  });

  it('keeps this, name, length and what hangs on the function', () => {
    function original(this: { x: number }, _a: unknown, _b: unknown) {
      return this.x;
    }
    original.extra = 1;
    const wrapped = task({ name: 'named' }, original);
    expect({ name: wrapped.name, length: wrapped.length, extra: wrapped.extra }).toEqual({
      name: 'original',
      length: 2,
      extra: 1,
    });
    expect(wrapped.call({ x: 5 }, 1, 2)).toBe(5);
    expect(task(async () => {}).constructor.name).toBe('AsyncFunction');
    expect(task(function* () {}).constructor.name).toBe('GeneratorFunction');
  });

  it('has a name where nobody gave one', () => {
    task(() => {})();
    expect(names()).toEqual(['anonymous.task']);
  });
});

describe('names, paths and what everything inside inherits', () => {
  it('follows workflow, tasks and spans by hand', () => {
    const store = task({ name: 'store' }, () => getClient().getTracer().startSpan('by hand').end());
    const create = task({ name: 'create', associationProperties: { user: 'u', n: 1 } }, () => store());
    const inner = workflow({ name: 'inner' }, () => create());
    workflow({ name: 'outer', version: 3 }, () => inner())();
    const shown = spans
      .getFinishedSpans()
      .map(({ name, attributes }) => [
        name,
        attributes['traceloop.workflow.name'],
        attributes['traceloop.entity.path'],
        attributes['traceloop.entity.version'],
        attributes['traceloop.association.properties.user'],
      ]);
    expect(shown).toEqual([
      ['by hand', 'inner', 'create.store', undefined, 'u'],
      ['store.task', 'inner', 'create.store', undefined, 'u'],
      ['create.task', 'inner', 'create', undefined, 'u'],
      ['inner.workflow', 'inner', undefined, undefined, undefined],
      ['outer.workflow', 'outer', undefined, 3, undefined],
    ]);
    const ids = new Map(spans.getFinishedSpans().map((span) => [span.spanContext().spanId, span.name]));
    expect(spans.getFinishedSpans().map((span) => ids.get(span.parentSpanContext?.spanId ?? ''))).toEqual([
      'store.task',
      'create.task',
      'inner.workflow',
      'outer.workflow',
      undefined,
    ]);
  });

  it('suppressTracing runs the function and all inside untraced', () => {
    expect(task({ suppressTracing: true }, () => withTask({ name: 'inside' }, () => 1))()).toBe(1);
    expect(names()).toEqual([]);
  });

  it('traceContent: false holds for everything inside', () => {
    withWorkflow({ name: 'quiet', traceContent: false }, () => {
      withTask({ name: 'inside' }, (x: string) => x, 'secret');
      getClient()
        .getTracer()
        .startSpan('hand', { attributes: { prompt: 'secret', 'server.port': 1 } })
        .end();
      try {
        withTask({ name: 'failing', traceContent: true }, () => {
          throw new RangeError('secret');
        });
      } catch {}
    });
    withTask({ name: 'loud' }, (x: string) => x, 'public');
    const text = JSON.stringify(
      spans.getFinishedSpans().map(({ attributes, events, status }) => [attributes, events, status]),
    );
    expect(text).not.toContain('secret');
    expect(text).toContain('public');
    expect(text).toContain('"server.port":1');
    expect(text).toContain('RangeError');
  });
});

describe('inputs and outputs', () => {
  it('one object of named values stands for keyword arguments', () => {
    withTask({ name: 'kwargs' }, (value) => value.a, { a: 1 });
    withTask({ name: 'list' }, (value) => value.length, [1, 2]);
    withTask({ name: 'nothing' }, () => {});
    expect(seen()).toEqual([
      { name: 'kwargs.task', input: { args: [], kwargs: { a: 1 } }, output: 1, status: 0 },
      { name: 'list.task', input: { args: [[1, 2]], kwargs: {} }, output: 2, status: 0 },
      { name: 'nothing.task', input: { args: [], kwargs: {} }, output: undefined, status: 0 },
    ]);
  });

  it('makes anything readable, and breaks no call', () => {
    class Joke {
      constructor(readonly text: string) {}
    }
    class Client {
      apiKey = 'sk-secret';
      #hidden = 1;
      options = { authorization: 'Bearer secret', timeout: this.#hidden };
    }
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
        ownKeys() {
          throw new Error('no');
        },
      },
    );
    const values = [
      new Joke('ha'),
      new Client(),
      cycle,
      hostile,
      10n,
      Number.NaN,
      Symbol('s'),
      () => {},
      Buffer.from('abc'),
      new Map([['k', 1]]),
      new Set([1]),
      /x/g,
      new Date(0),
      new TypeError('bad', { cause: 'why' }),
      process.stdout,
      Promise.resolve(1),
      new WeakMap(),
      undefined,
      null,
      'data:image/png;base64,iVBORw0KGgo=',
    ];
    expect(withTask({ name: 'odd' }, (...given: unknown[]) => given.length, ...values)).toBe(values.length);
    const { input } = seen()[0] as { input: { args: unknown[] } };
    expect(input.args).toEqual([
      { text: 'ha' },
      { apiKey: '[redacted]', options: { authorization: '[redacted]', timeout: 1 } },
      { self: '[circular]' },
      '[unreadable]',
      '10',
      'NaN',
      '[Symbol(s)]',
      '[function]',
      { type: 'blob', bytes: 3 },
      { k: 1 },
      [1],
      '/x/g',
      '1970-01-01T00:00:00.000Z',
      { name: 'TypeError', message: 'bad', cause: 'why' },
      expect.stringMatching(/^\[\w+\]$/),
      '[Promise]',
      '[WeakMap]',
      null,
      null,
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 8 },
    ]);
  });

  it('is bounded', () => {
    const long = 'x'.repeat(3_000_000);
    withTask({ name: 'long' }, () => [long, 'after', Array.from({ length: 200_000 }, (_, i) => i)]);
    const output = String(only().attributes['traceloop.entity.output']);
    expect(output.length).toBeLessThan(1_100_000);
    const [text, more] = JSON.parse(output) as string[];
    const [, shown = '', left] = /^(x+)… \[(\d+) more characters\]$/.exec(text ?? '') ?? [];
    expect(shown.length).toBeGreaterThan(900_000);
    expect(shown.length + Number(left)).toBe(3_000_000);
    expect(more).toBe('… [2 more]');
    spans.reset();
    withTask({ name: 'many' }, () => Array.from({ length: 200_000 }, (_, i) => i));
    const many = JSON.parse(String(only().attributes['traceloop.entity.output'])) as unknown[];
    expect(many.length).toBeLessThan(50_010);
    expect(many.at(-1)).toMatch(/^… \[\d+ more\]$/);
  });
});

describe('what a function answers with', () => {
  it('is the very object: values, promises, thenables', async () => {
    const value = {};
    const promise = Promise.resolve(1);
    // biome-ignore lint/suspicious/noThenProperty: as query builders have it.
    const thenable = { then: (done: (value: number) => void) => done(2) };
    class Lazy extends Promise<number> {}
    const lazy = Lazy.resolve(3);
    expect(task(() => value)()).toBe(value);
    expect(task(() => promise)()).toBe(promise);
    expect(task(() => thenable)()).toBe(thenable);
    expect(task(() => lazy)()).toBe(lazy);
    expect([await promise, await thenable, await lazy]).toEqual([1, 2, 3]);
    expect(Object.keys(promise)).toEqual([]);
    expect(promise.constructor).toBe(Promise);
    expect(seen().map(({ output }) => output)).toEqual([{}, 1, 2, 3]);
  });

  it('ends with the promise, also where nobody looks at it', async () => {
    let finish = (_value: number) => {};
    const work = task({ name: 'work' }, () => new Promise<number>((resolve) => (finish = resolve)));
    void work();
    expect(names()).toEqual([]);
    finish(5);
    await new Promise(setImmediate);
    expect(seen()).toMatchObject([{ name: 'work.task', output: 5 }]);
  });

  it('runs the work of a lazy query once', async () => {
    const runs = vi.fn(() => 1);
    // biome-ignore lint/suspicious/noThenProperty: as query builders have it.
    const query = { then: (done: (rows: number[]) => unknown) => done([runs()]) };
    expect(await task({ name: 'query' }, () => query)()).toEqual([1]);
    expect(runs).toHaveBeenCalledTimes(1);
    expect(seen()).toMatchObject([{ name: 'query.task', output: [1] }]);
  });

  it('records what is thrown, and throws it on', async () => {
    const error = new RangeError('no');
    expect(() =>
      task({ name: 'sync' }, () => {
        throw error;
      })(),
    ).toThrow(error);
    await expect(
      task({ name: 'async' }, async () => {
        throw error;
      })(),
    ).rejects.toBe(error);
    await expect(task({ name: 'text' }, () => Promise.reject('just text'))()).rejects.toBe('just text');
    const shown = spans
      .getFinishedSpans()
      .map(({ name, status, attributes, events }) => [
        name,
        status,
        attributes['error.type'],
        events.map((event) => [event.name, event.attributes?.['exception.message']]),
      ]);
    expect(shown).toEqual([
      ['sync.task', { code: 2, message: 'no' }, 'RangeError', [['exception', 'no']]],
      ['async.task', { code: 2, message: 'no' }, 'RangeError', [['exception', 'no']]],
      ['text.task', { code: 2, message: 'just text' }, 'string', [['exception', 'just text']]],
    ]);
  });
});

describe('generators', () => {
  const inside: boolean[] = [];
  const count = task({ name: 'count' }, function* (n: number): Generator<number, string, unknown> {
    try {
      for (let i = 0; i < n; i++) {
        inside.push(isActive());
        yield i;
      }
      return 'all';
    } finally {
      inside.push(isActive());
    }
  });
  const later = task({ name: 'later' }, async function* (n: number) {
    for (let i = 0; i < n; i++) {
      await null;
      inside.push(isActive());
      yield i;
    }
  });
  beforeEach(() => void inside.splice(0));

  it('the span ends when they are exhausted; the context is inside, and not outside', async () => {
    const outside: boolean[] = [];
    for (const _ of count(2)) outside.push(isActive());
    for await (const _ of later(2)) outside.push(isActive());
    expect(outside).toEqual([false, false, false, false]);
    expect(inside).toEqual([true, true, true, true, true]);
    expect(seen()).toEqual([
      {
        name: 'count.task',
        input: { args: [2], kwargs: {} },
        output: { yielded: [0, 1], returned: 'all' },
        status: 0,
      },
      { name: 'later.task', input: { args: [2], kwargs: {} }, output: [0, 1], status: 0 },
    ]);
  });

  it('or returned from, or thrown into', async () => {
    for (const _ of count(9)) break;
    const thrown = count(9);
    thrown.next();
    expect(() => thrown.throw(new TypeError('in'))).toThrow('in');
    for await (const item of later(9)) if (item === 1) break;
    expect(seen().map(({ name, output, status }) => [name, output, status])).toEqual([
      ['count.task', [0], 0],
      ['count.task', [0], 2],
      ['later.task', [0, 1], 0],
    ]);
  });

  it('one that is never asked has done nothing', () => {
    count(3);
    count(3).return('early');
    expect(names()).toEqual([]);
  });

  it('are the very objects, and can delegate', () => {
    const outer = task({ name: 'outer' }, function* () {
      yield* count(2);
    });
    const generator = outer();
    expect(Object.prototype.toString.call(generator)).toBe('[object Generator]');
    expect([...generator]).toEqual([0, 1]);
    expect(names()).toEqual(['count.task', 'outer.task']);
    const [inner, whole] = spans.getFinishedSpans();
    expect(inner?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
  });

  it('keeps few of many values', () => {
    let sum = 0;
    for (const i of count(5_000)) sum += i;
    expect(sum).toBe(12_497_500);
    const { yielded } = (seen()[0] as { output: { yielded: unknown[] } }).output;
    expect(yielded.length).toBe(1_001);
    expect(yielded.at(-1)).toBe('… [4000 more]');
  });
});

describe('decorators', () => {
  it('a class and one method of it, without syntax', () => {
    class Flow {
      start(x: number) {
        return x * 2;
      }
    }
    expect(workflow({ name: 'flow', methodName: 'start' })(Flow)).toBe(Flow);
    expect(new Flow().start(2)).toBe(4);
    expect(names()).toEqual(['flow.workflow']);
    class Other {}
    expect(workflow({ methodName: 'missing' })(Other)).toBe(Other);
  });
});

describe('promises and unhandled rejections', () => {
  const unhandled = vi.fn();
  const originals = process.listeners('unhandledRejection');
  beforeEach(() => {
    unhandled.mockClear();
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', unhandled);
    return () => {
      process.removeAllListeners('unhandledRejection');
      for (const listener of originals) process.on('unhandledRejection', listener);
    };
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

  it.each([
    ['an async function', task(async () => Promise.reject(new Error('mine')))],
    ['a function that answers with a promise', task(() => Promise.reject(new Error('mine')))],
  ])('%s: unhandled stays unhandled, handled stays handled', async (_, failing) => {
    void failing();
    await settled();
    expect(unhandled.mock.calls.map(([error]) => (error as Error).message)).toEqual(['mine']);
    unhandled.mockClear();
    await failing().catch(() => {});
    await failing().then(undefined, () => {});
    await Promise.allSettled([failing()]);
    await expect(failing()).rejects.toThrow('mine');
    await settled();
    expect(unhandled).not.toHaveBeenCalled();
  });
});
