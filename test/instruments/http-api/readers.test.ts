import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BoundedJson } from '../../../src/instruments/http-api/bounded-json';
import { decoderFor } from '../../../src/instruments/http-api/decoder';
import { EventStreamReader } from '../../../src/instruments/http-api/event-stream';
import { pendingBody } from '../../../src/instruments/http-api/pending-body';
import { EventReader, LineReader } from '../../../src/instruments/http-api/text-readers';
import { awsMessage } from '../../harness/aws-message';

/** `text` in pieces of every size, each given to `read`; all have to come to the same. */
function inPieces<T>(text: string, read: (pieces: string[]) => T): T {
  const results = [1, 2, 3, 7, 64, text.length].map((size) =>
    read(
      Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.slice(at * size, (at + 1) * size),
      ),
    ),
  );
  for (const result of results) expect(result).toEqual(results[0]);
  return results[0] as T;
}

describe('events', () => {
  const read = (pieces: string[]) => {
    const events: string[] = [];
    const reader = new EventReader((json) => events.push(json.text));
    for (const piece of pieces) reader.write(piece);
    reader.end();
    return events;
  };

  it.each([
    ['one', 'data: {"a":1}\n\n', ['{"a":1}']],
    ['without a space', 'data:x\n\n', ['x']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR alone', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['data on several lines', 'data: {"a":\ndata: 1}\n\n', ['{"a":\n1}']],
    ['comments and other fields', ': data: x\nevent: e\nid: 1\nretry: 5\ndatabase: y\ndata: a\n\n', ['a']],
    ['empty events', '\n\n\n\ndata: a\n\n\n', ['a']],
    ['empty data', 'data:\n\ndata\n\n', ['']],
    ['no end', 'data: a\n\ndata: [DONE]', ['a', '[DONE]']],
    ['colons in data', 'data: a: b\n\n', ['a: b']],
  ])('%s', (_, text, events) => {
    expect(inPieces(text, read)).toEqual(events);
  });
});

it('lines, with and without an end', () => {
  const read = (pieces: string[]) => {
    const lines: unknown[] = [];
    const reader = new LineReader((json) => lines.push(json.value()));
    for (const piece of pieces) reader.write(piece);
    reader.end();
    return lines;
  };
  expect(inPieces('{"a":1}\n\n{"b":"c"}\r\n{"d":[]}', read)).toEqual([{ a: 1 }, { b: 'c' }, { d: [] }]);
});

describe('JSON in pieces', () => {
  const read = (text: string, size = 60_000) => {
    const json = new BoundedJson();
    for (let at = 0; at < text.length; at += size) json.write(text.slice(at, at + size));
    return json;
  };

  it('is what it is while it is not too long', () => {
    const value = { text: 'é"\\\n'.repeat(1000), list: [1, [2, { a: null }]] };
    const json = read(JSON.stringify(value), 7);
    expect(json.value()).toEqual(value);
    expect(json.isShortened).toBe(false);
  });

  it('loses items of long lists, and keeps what stands behind them', () => {
    const vector = Array.from({ length: 3072 }, (_, at) => Math.sin(at));
    const data = Array.from({ length: 200 }, (_, index) => ({
      index,
      embedding: vector,
      tags: ['"]', '\\"'],
    }));
    const value = { data, model: 'm', usage: { prompt_tokens: 8, details: [1, 2] } };
    for (const size of [1000, 60_000, 99_999]) {
      const json = read(JSON.stringify(value), size);
      const shortened = json.value() as typeof value;
      expect(json.isShortened).toBe(true);
      expect(json.text.length).toBeLessThan(600_000);
      expect(shortened.data[0]).toEqual(data[0]);
      expect(shortened).toMatchObject({ model: 'm', usage: { prompt_tokens: 8 } });
    }
  });

  it('loses the ends of very long strings, and all of bytes', () => {
    const text = 'word "quoted" \\ \u{1F600} '.repeat(600_000);
    const value = {
      output: [{ text }, { image: 'A'.repeat(6_000_000) }],
      usage: { output_tokens: 7 },
      id: 'r',
    };
    const json = read(JSON.stringify(value));
    const shortened = json.value() as { output: { text: string }[] };
    expect(json.text.length).toBeLessThan(5_000_000);
    expect(shortened).toMatchObject({ usage: { output_tokens: 7 }, id: 'r' });
    expect(shortened.output[0]?.text).toMatch(/^word "quoted" .*…$/);
    const bytes = read(JSON.stringify({ image: 'A'.repeat(6_000_000), id: 'r' })).value();
    expect(bytes).toEqual({ image: '', id: 'r' });
  });

  it('is undefined where it is none, or not all', () => {
    expect(read('<html>').value()).toBeUndefined();
    expect(read('{"a":').value()).toBeUndefined();
    expect(read('').value()).toBeUndefined();
  });
});

describe('compressed answers', () => {
  const decode = (encoding: string, bytes: Buffer, size = 1000): Promise<string> =>
    new Promise((resolve) => {
      const pieces: Buffer[] = [];
      const decoder = decoderFor(encoding, (decoded) => pieces.push(Buffer.from(decoded)));
      for (let at = 0; at < bytes.length; at += size) decoder?.write(bytes.subarray(at, at + size));
      decoder?.end(() => resolve(Buffer.concat(pieces).toString()));
    });
  const text = 'MARK café '.repeat(2000);

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['identity, GZIP', gzipSync],
  ] as const)('%s', async (encoding, encode) => {
    expect(await decode(encoding, encode(Buffer.from(text)))).toBe(text);
  });

  it('that are long, as they come', async () => {
    const long = Array.from({ length: 400_000 }, (_, at) => `${Math.sin(at)}`).join(',');
    expect(await decode('gzip', gzipSync(Buffer.from(long)), 60_000)).toBe(long);
  });

  it('that are cut short, as far as they go', async () => {
    const bytes = gzipSync(Buffer.from(text));
    expect(text.startsWith(await decode('gzip', bytes.subarray(0, bytes.length - 20)))).toBe(true);
  });

  it('that are none, or of an unknown kind, are nothing', async () => {
    expect(await decode('gzip', Buffer.from('not gzip'))).toBe('');
    expect(decoderFor('aws-chunked', () => {})).toBeNull();
    expect(decoderFor('gzip, br', () => {})).toBeNull();
    expect(decoderFor('identity', () => {})).toBeUndefined();
    expect(decoderFor(undefined, () => {})).toBeUndefined();
  });
});

describe('an event stream of AWS', () => {
  const bytes = Buffer.concat([
    awsMessage('messageStart', { role: 'assistant' }),
    awsMessage('contentBlockDelta', { delta: { text: 'é' } }),
    awsMessage('chunk', { bytes: Buffer.from('{"type":"é"}').toString('base64') }),
    awsMessage(
      '',
      { message: 'slow' },
      { ':message-type': 'exception', ':event-type': 'throttlingException' },
    ),
  ]);

  it.each([1, 5, 1000])('in pieces of %s bytes', (size) => {
    const events: unknown[] = [];
    const reader = new EventStreamReader((event) => events.push(event));
    for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
    expect(events).toEqual([
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { text: 'é' } } },
      { type: 'é' },
      { error: { type: 'throttlingException', message: 'slow' } },
    ]);
  });

  it('that is none is given up', () => {
    const reader = new EventStreamReader(() => expect.unreachable());
    for (let i = 0; i < 3; i += 1) reader.write(Buffer.from('{"message":"this is no such stream at all"}'));
  });
});

describe('what waits in a socket', () => {
  const head = 'POST / HTTP/1.1\r\nHost: x\r\n';
  const textOf = (socket: unknown) => Buffer.concat(pendingBody(socket)).toString();

  it.each([
    ['a text', { _pendingData: `${head}Content-Length: 2\r\n\r\n{}` }, '{}'],
    [
      'bytes',
      {
        _pendingData: [
          { chunk: head },
          { chunk: Buffer.from('\r\n{"a":'), encoding: 'buffer' },
          { chunk: '1}' },
        ],
      },
      '{"a":1}',
    ],
    [
      'chunks',
      { _pendingData: `${head}Transfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n` },
      '{"a":1}',
    ],
    ['nothing', { _pendingData: null }, ''],
    ['no socket', undefined, ''],
  ])('%s', (_, socket, body) => {
    expect(textOf(socket)).toBe(body);
  });
});
