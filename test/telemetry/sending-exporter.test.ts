import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Delivery } from '../../src/telemetry/delivery';
import type { ExportOutcome } from '../../src/telemetry/exporter';
import { retryAfter } from '../../src/telemetry/exporters/http-sender';
import { SendingExporter, type SendResult } from '../../src/telemetry/exporters/sending-exporter';
import { shortenedCopy } from '../../src/telemetry/shorten/span';
import { fakeSpan } from './fake-span';

const OK: SendResult = { ok: true, body: Buffer.from('{}') };
const BUSY: SendResult = { ok: false, retryable: true, status: 503, reason: 'HTTP 503' };
const BROKEN: SendResult = { ok: false, retryable: false, status: 500, reason: 'HTTP 500' };
const REFUSED: SendResult = { ok: false, retryable: true, refused: true, reason: 'connect ECONNREFUSED' };
const WRONG: SendResult = { ok: false, retryable: false, status: 401, reason: 'HTTP 401 bad key s3cret' };
const TOO_LARGE: SendResult = { ok: false, retryable: false, status: 413, reason: 'HTTP 413' };

let lines: string[];
beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});
afterEach(() => void vi.useRealTimers());

let backends = 0;

function exporterWith(...results: SendResult[]) {
  const sent: ReadableSpan[][] = [];
  const abort = vi.fn();
  // Some lines are said once in a process.
  const title = `backend ${++backends}`;
  const delivery = new Delivery(title);
  const exporter = new SendingExporter({
    delivery,
    url: 'https://user:pw@host/v1/traces?token=t',
    sender: {
      send: async () => results.shift() ?? OK,
      abort,
    },
    serializer: {
      serializeRequest: (spans) => {
        sent.push(spans);
        return new Uint8Array(1);
      },
      deserializeResponse: (body) => JSON.parse(Buffer.from(body).toString()) as object,
    },
    shorter: shortenedCopy,
    secrets: ['s3cret', ''],
    hints: { 401: 'check the key' },
  });
  const send = (spans: number | ReadableSpan[] = 1) =>
    new Promise<ExportOutcome>((resolve) => {
      const list = typeof spans === 'number' ? Array.from({ length: spans }, () => fakeSpan()) : spans;
      exporter.export(list, resolve);
    });
  const said = () => lines.map((line) => line.replaceAll(title, 'the backend').trimEnd());
  return { exporter, send, sent, sizes: () => sent.map(({ length }) => length), abort, delivery, said };
}

it('sends once where that works', async () => {
  const { send, sizes, said, delivery } = exporterWith(OK);
  expect(await send(3)).toEqual({ code: 0, isCounted: true });
  expect(sizes()).toEqual([3]);
  expect(said()).toEqual([]);
  expect([delivery.sent, delivery.lost]).toEqual([3, 0]);
});

it('hands back what may be tried again, with what the backend asks for', async () => {
  const { send, delivery } = exporterWith({ ...BUSY, retryAfterMillis: 7_000 }, REFUSED);
  const spans = [fakeSpan(), fakeSpan()];
  expect(await send(spans)).toMatchObject({ code: 1, retry: { spans, afterMillis: 7_000 } });
  expect(await send(spans)).toMatchObject({ code: 1, retry: { spans, isGone: true } });
  expect([delivery.sent, delivery.lost]).toEqual([0, 0]);
});

it('says that it fails once it has for a while', async () => {
  const { send, said } = exporterWith(...Array<SendResult>(9).fill(BUSY));
  for (let i = 0; i < 2; i++) await send();
  expect(said()).toEqual([]);
  for (let i = 0; i < 5; i++) await send();
  expect(said()).toEqual(['respan: sending spans to the backend (https://host/v1/traces) fails: HTTP 503']);
  await send();
  await send();
  await send();
  expect(said()).toEqual([
    'respan: sending spans to the backend (https://host/v1/traces) fails: HTTP 503',
    'respan: sending spans to the backend works again; no span was lost',
  ]);
});

it('says nothing of trouble that is soon over', async () => {
  const { send, said } = exporterWith(BUSY, BUSY, OK, BUSY, OK);
  for (let i = 0; i < 5; i++) await send();
  expect(said()).toEqual([]);
});

it('tries again what may be the span’s fault, but not for ever', async () => {
  const { send, delivery } = exporterWith(...Array<SendResult>(5).fill(BROKEN));
  const spans = [fakeSpan(), fakeSpan()];
  for (let i = 0; i < 4; i++) expect(await send(spans)).toMatchObject({ retry: { spans } });
  expect(await send(spans)).not.toHaveProperty('retry');
  expect(delivery.lost).toBe(2);
});

it('does not try again what is wrong, gives a hint and shows no secret', async () => {
  const { send, said, delivery } = exporterWith(WRONG);
  expect(await send()).not.toHaveProperty('retry');
  expect(delivery.lost).toBe(1);
  expect(said()).toEqual([
    'respan: sending spans to the backend (https://host/v1/traces) fails: HTTP 401 bad key [redacted]; check the key',
  ]);
});

it('sends halves of what is too large, down to the span that cannot be sent', async () => {
  const { send, sizes, said, delivery } = exporterWith(TOO_LARGE, TOO_LARGE, TOO_LARGE, OK, OK);
  expect(await send(3)).toMatchObject({ code: 1, wasTooLarge: true });
  expect(sizes()).toEqual([3, 2, 1, 1, 1]);
  expect([delivery.sent, delivery.lost]).toEqual([2, 1]);
  expect(said()).toEqual([
    'respan: sending spans to the backend (https://host/v1/traces) fails: HTTP 413',
    'respan: sending spans to the backend works again; 1 spans were lost',
  ]);
});

it('tries again only the half that did not arrive', async () => {
  const { send, delivery } = exporterWith(TOO_LARGE, OK, BUSY);
  const spans = [fakeSpan({ name: 'a' }), fakeSpan({ name: 'b' })];
  expect(await send(spans)).toMatchObject({ code: 1, wasTooLarge: true, retry: { spans: [spans[1]] } });
  expect(delivery.sent).toBe(1);
});

it('shortens a single span that is too large until the backend takes it, and says so once', async () => {
  const { send, sent, said, delivery } = exporterWith(TOO_LARGE, TOO_LARGE, OK, TOO_LARGE, OK);
  const messages = JSON.stringify([
    { role: 'user', parts: [{ type: 'text', content: 'x'.repeat(900_000) }] },
  ]);
  const span = fakeSpan({ attributes: { 'gen_ai.input.messages': messages, 'gen_ai.request.model': 'm' } });
  expect(await send([span])).toMatchObject({ code: 0 });
  const lengths = sent.map(([one]) => String(one?.attributes['gen_ai.input.messages']).length);
  expect(lengths[0]).toBe(messages.length);
  expect(lengths[1]).toBeLessThanOrEqual(250_000);
  expect(lengths[2]).toBeLessThanOrEqual(50_000);
  const last = sent[2]?.[0];
  expect(JSON.parse(String(last?.attributes['gen_ai.input.messages']))).toHaveLength(1);
  expect(last?.attributes).toMatchObject({ 'gen_ai.request.model': 'm', 'respan.content.shortened': true });
  expect(last?.spanContext()).toEqual(span.spanContext());
  // What other destinations get is as long as it was.
  expect(span.attributes['gen_ai.input.messages']).toBe(messages);
  await send([span]);
  expect(said()).toEqual(['respan: the backend finds single spans too large: their texts are shortened']);
  expect([delivery.sent, delivery.lost]).toEqual([2, 0]);
});

it('says once that it fails and once that it works again, each time', async () => {
  const { send, said } = exporterWith(WRONG, WRONG, OK, OK, WRONG, OK);
  for (const count of [2, 3, 1, 1, 4, 1]) await send(count);
  expect(said().map((line) => line.replace(/ \(.*| to the backend/g, '').trim())).toEqual([
    'respan: sending spans',
    'respan: sending spans works again; 5 spans were lost',
    'respan: sending spans',
    'respan: sending spans works again; 4 spans were lost',
  ]);
});

it('is content with an answer it cannot read', async () => {
  const { send, said } = exporterWith({ ok: true, body: Buffer.from('<html>thank you</html>') });
  expect(await send()).toMatchObject({ code: 0 });
  expect(said()).toEqual([]);
});

it('counts what the backend rejected, and tells of it once', async () => {
  const body = (rejected: number) =>
    Buffer.from(`{"partialSuccess":{"rejectedSpans":"${rejected}","errorMessage":"too old s3cret"}}`);
  const { send, said, delivery } = exporterWith({ ok: true, body: body(2) }, { ok: true, body: body(3) });
  await send(5);
  await send(5);
  expect(said()).toEqual(['respan: the backend rejected 2 of 5 spans: too old [redacted]']);
  expect([delivery.sent, delivery.lost]).toEqual([5, 5]);
  delivery.conclude();
  expect(said()[1]).toBe('respan: 5 spans are lost on their way to the backend: 5 rejected by it; 5 arrived');
  delivery.conclude();
  expect(said()).toHaveLength(2);
});

describe('when the app ends', () => {
  it('says at once what nobody will try again', async () => {
    const { exporter, send, said } = exporterWith(REFUSED, REFUSED);
    exporter.setUrgency('ending');
    await send();
    expect(said()).toHaveLength(1);
  });

  it('sends nothing any more when time is over, and again when the app goes on', async () => {
    const { exporter, send, sizes, abort } = exporterWith();
    exporter.setUrgency('over');
    expect(abort).toHaveBeenCalledOnce();
    expect(await send()).toMatchObject({ code: 1, retry: { spans: [expect.anything()] } });
    expect(sizes()).toEqual([]);
    exporter.setUrgency('normal');
    expect(await send()).toMatchObject({ code: 0 });
    expect(sizes()).toEqual([1]);
  });
});

it.each([
  [undefined, undefined],
  ['', undefined],
  ['120', 120_000],
  ['-1', 0],
  ['1.5', 1_500],
  ['Thu, 01 Jan 1970 00:00:30 GMT', 20_000],
  ['Thu, 01 Jan 1970 00:00:05 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s is %s ms', (value, millis) => {
  expect(retryAfter(value, 10_000)).toBe(millis);
});
