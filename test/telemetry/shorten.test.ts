import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createLimitStep } from '../../src/telemetry/limits';
import { withoutBinary } from '../../src/telemetry/shorten/binary';
import { limitSpan } from '../../src/telemetry/shorten/span';
import { shortenText } from '../../src/telemetry/shorten/text';
import { toBoundedJson, toJson } from '../../src/telemetry/to-json';
import { fakeSpan } from './fake-span';

const message = (role: string, content: unknown) => ({ role, parts: [{ type: 'text', content }] });
const fill = (sign: string, length: number) => sign.repeat(length);

describe('text that is too long', () => {
  it('is cut where it is no JSON, and never within a pair of surrogates', () => {
    expect(shortenText('gpt-4o', 4)).toBe('gpt-');
    expect(shortenText('abc', 3)).toBe('abc');
    expect(shortenText('ab😀', 3)).toBe('ab');
    expect(shortenText('{ no json', 5)).toBe('{ no ');
  });

  it('stays JSON with everything but the ends of its longest strings', () => {
    const messages = [
      message('system', 'be brief'),
      message('user', fill('x', 5_000)),
      message('user', fill('y', 300)),
      message('assistant', `${fill('z', 9_000)}`),
    ];
    const short = shortenText(JSON.stringify(messages), 2_000);
    expect(short.length).toBeLessThanOrEqual(2_000);
    const [system, long, middle, answer] = JSON.parse(short) as ReturnType<typeof message>[];
    expect(system).toEqual(messages[0]);
    expect(middle).toEqual(messages[2]);
    expect(long?.parts[0]?.content).toMatch(/^x{300,}… \[\d{4} more characters\]$/);
    expect(answer?.parts[0]?.content).toMatch(/^z{300,}… \[\d{4} more characters\]$/);
  });

  it.each([
    ['escapes', '"\\\n\t\u0001'],
    ['surrogates', '😀'],
    ['letters', 'ä'],
  ])('is cut between %s', (_, sign) => {
    const text = JSON.stringify([{ content: fill(sign, 2_000) }]);
    for (let limit = 200; limit < 260; limit++) {
      const short = shortenText(text, limit);
      expect(short.length).toBeLessThanOrEqual(limit);
      const [{ content }] = JSON.parse(short) as [{ content: string }];
      expect(Buffer.from(content).toString()).toBe(content);
      expect(content.length).toBeGreaterThan(10);
    }
  });

  it('loses the middle of lists where strings are not what makes it long', () => {
    const numbers = JSON.stringify({ list: Array.from({ length: 10_000 }, (_, i) => i), after: true });
    const short = JSON.parse(shortenText(numbers, 500)) as { list: unknown[]; after: boolean };
    expect(short.after).toBe(true);
    expect(short.list[0]).toBe(0);
    expect(short.list.at(-1)).toBe(9_999);
    const many = JSON.stringify(Array.from({ length: 3_000 }, (_, i) => message('user', `short ${i}`)));
    const messages = JSON.parse(shortenText(many, 3_000)) as unknown[];
    expect(messages[0]).toEqual(message('user', 'short 0'));
    expect(messages.at(-1)).toEqual(message('user', 'short 2999'));
  });

  it('is JSON whatever the limit', () => {
    const text = JSON.stringify({ a: { b: [{ c: fill('d', 100), e: [1, 2, 3] }] } });
    for (let limit = 2; limit < text.length; limit++) {
      const short = shortenText(text, limit);
      expect(short.length).toBeLessThanOrEqual(limit);
      JSON.parse(short);
    }
  });

  it('takes time in proportion to its length', () => {
    const text = JSON.stringify(
      Array.from({ length: 20_000 }, (_, i) => message('user', fill('\\"', i % 200))),
    );
    const started = performance.now();
    JSON.parse(shortenText(text, 1_000_000));
    // A second's worth on a machine where everything else has stopped.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('bytes in texts', () => {
  const png = Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * 7919) % 251)).toString('base64');

  it('become type and size, wherever they stand', () => {
    expect(withoutBinary(`see data:image/png;base64,${png} and go on`)).toBe(
      'see [image/png, 3000 bytes] and go on',
    );
    expect(withoutBinary(`data:image/svg+xml;charset=utf-8;base64,${png}`)).toBe(
      '[image/svg+xml, 3000 bytes]',
    );
    const json = JSON.stringify({ result: { screenshot: png, note: 'done' } });
    expect(JSON.parse(withoutBinary(json))).toEqual({
      result: { screenshot: '[base64, 3000 bytes]', note: 'done' },
    });
    const nested = JSON.stringify({ arguments: JSON.stringify({ a: `data:audio/wav;base64,${png}` }) });
    expect(JSON.parse(withoutBinary(nested))).toEqual({ arguments: '{"a":"[audio/wav, 3000 bytes]"}' });
  });

  it.each([
    ['a long word', fill('a', 5_000)],
    ['hexadecimal digits', fill('0123456789abcdef', 200)],
    ['a long path', fill('/some/path', 300)],
    ['text', fill('Some words, and 1 number. ', 200)],
    ['a short picture', 'data:image/png;base64,AAAA'],
  ])('are not seen in %s', (_, text) => {
    expect(withoutBinary(text)).toBe(text);
  });
});

describe('a span', () => {
  const limited = (otel: object, attributes: Record<string, unknown>) => {
    const span = fakeSpan({ attributes: attributes as never });
    // The limit step loads this with `require`.
    const { OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: limit = 1_000_000 } = otel as Record<string, number>;
    limitSpan(span, limit, 4_000_000);
    return span.attributes;
  };

  it('has values that are short enough, and says so', () => {
    const attributes = limited(
      { OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: 100 },
      {
        long: fill('x', 1_000),
        json: JSON.stringify([message('user', fill('y', 1_000))]),
        list: [fill('z', 1_000), 'short'],
        number: 1,
        short: 'short',
      },
    );
    expect(attributes.long).toBe(fill('x', 100));
    expect(JSON.parse(String(attributes.json))).toMatchObject([{ role: 'user' }]);
    expect(attributes.list).toEqual([fill('z', 100), 'short']);
    expect(attributes).toMatchObject({ number: 1, short: 'short', 'respan.content.shortened': true });
  });

  it('has no more than its share altogether', () => {
    const attributes = limited(
      {},
      Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`a${i}`, fill('x', 900_000)])),
    );
    const length = Object.values(attributes).reduce<number>((sum, value) => sum + String(value).length, 0);
    expect(length).toBeLessThanOrEqual(4_000_010);
  });

  it('has no endless lists', () => {
    const attributes = limited({}, { numbers: Array(1_000_000).fill(1) });
    expect((attributes.numbers as unknown[]).length).toBeLessThanOrEqual(125_000);
  });

  it('has Unicode only', () => {
    expect(limited({}, { a: 'half \ud83d of it', b: 'whole 😀' })).toEqual({
      a: 'half \ufffd of it',
      b: 'whole 😀',
    });
    expect(toJson({ a: 'half \ud83d' })).toBe('{"a":"half \ufffd"}');
  });

  it('asks no getter for a method that tells of a stream, and ends where a prototype has no end', () => {
    const schema = Object.create({
      get pipe() {
        Object.defineProperty(this, 'pipe', { value: () => {}, enumerable: true });
        return () => {};
      },
    });
    schema.type = 'object';
    expect(toJson(schema)).toBe('"[Object]"');
    expect(Object.keys(schema)).toEqual(['type']);
    const endless: object = new Proxy({ a: 1 }, { getPrototypeOf: () => endless });
    expect(toJson(endless)).toBe('"[unreadable]"');
    expect(toJson({ stream: new ReadableStream(), emitter: new EventEmitter() })).toBe(
      '{"stream":"[ReadableStream]","emitter":"[EventEmitter]"}',
    );
  });

  it('is only looked at where nothing is to be done', () => {
    const attributes = { a: 'x', b: [1, 2], c: fill('word ', 10_000) };
    const span = fakeSpan({ attributes: { ...attributes } });
    createLimitStep({})(span);
    expect(span.attributes).toEqual(attributes);
  });
});

describe('JSON of anything', () => {
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const circular: Record<string, unknown> = { name: 'a' };
  circular.self = circular;
  const deep = (levels: number): unknown => (levels === 0 ? 'bottom' : { inner: deep(levels - 1) });
  const endless = new Proxy([], {
    get: (target, name) => (name === 'length' ? 2 ** 31 : Reflect.get(target, name)),
  });

  it.each<[string, unknown]>([
    ['a circle', circular],
    ['BigInt', { count: 10n ** 30n }],
    ['binary', { a: Buffer.alloc(5_000_000), b: new Float32Array(9), c: new ArrayBuffer(3) }],
    [
      'a getter that throws',
      Object.defineProperty({}, 'a', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    ['a proxy that was revoked', { a: revoked(), b: [revoked()] }],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'a toJSON that never ends',
      (function make(): unknown {
        return { toJSON: make };
      })(),
    ],
    ['a long list', Array.from({ length: 2_000_000 }, (_, i) => i)],
    [
      'a sparse list',
      (() => {
        const list: number[] = [];
        list[2 ** 32 - 2] = 1;
        return list;
      })(),
    ],
    ['a list that lies about its length', endless],
    ['many properties', Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, i]))],
    ['much of a depth', deep(10_000 / 4)],
    ['symbols, functions, dates that are none', { a: Symbol('s'), b: () => {}, c: new Date(Number.NaN) }],
    ['half a character', { a: '\udc00', '\ud800': 1 }],
    ['a key that is a trap', JSON.parse('{"__proto__": {"polluted": true}}')],
  ])('%s', (_, value) => {
    for (const json of [toBoundedJson(value), toJson(value)]) {
      JSON.parse(json);
      expect(json.length).toBeLessThan(20_000_000);
    }
    expect(toBoundedJson(value).length).toBeLessThan(1_500_000);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
