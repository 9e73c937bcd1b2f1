import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { retryAfter } from '../../src/telemetry/exporters/http-sender';
import { RetryingExporter, type SendResult } from '../../src/telemetry/exporters/retrying-exporter';
import { fakeSpan } from './fake-span';

const OK: SendResult = { ok: true, body: Buffer.from('{}') };
const BUSY: SendResult = { ok: false, retryable: true, status: 503, reason: 'HTTP 503' };
const REFUSED: SendResult = { ok: false, retryable: true, refused: true, reason: 'connect ECONNREFUSED' };
const WRONG: SendResult = { ok: false, retryable: false, status: 401, reason: 'HTTP 401 bad key s3cret' };

let lines: string[];
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  lines = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});
afterEach(() => void vi.useRealTimers());

function exporterWith(...results: SendResult[]) {
  const sentAt: number[] = [];
  const started = Date.now();
  const abort = vi.fn();
  const exporter = new RetryingExporter({
    title: 'the backend',
    url: 'https://user:pw@host/v1/traces?token=t',
    sender: {
      async send() {
        sentAt.push(Date.now() - started);
        return results.shift() ?? OK;
      },
      abort,
    },
    serializer: {
      serializeRequest: () => new Uint8Array(1),
      deserializeResponse: (body) => JSON.parse(Buffer.from(body).toString()) as object,
    },
    secrets: ['s3cret', ''],
    hints: { 401: 'check the key' },
  });
  const send = (count = 1) => {
    const done = vi.fn();
    exporter.export(Array(count).fill(fakeSpan()), done);
    return done;
  };
  return { exporter, send, sentAt, abort };
}

it('sends once where that works', async () => {
  const { send, sentAt } = exporterWith(OK);
  const done = send();
  await vi.runAllTimersAsync();
  expect(done).toHaveBeenCalledWith({ code: 0 });
  expect(sentAt).toEqual([0]);
  expect(lines).toEqual([]);
});

it('tries again with growing pauses, and gives up', async () => {
  const { send, sentAt } = exporterWith(BUSY, BUSY, BUSY, BUSY, BUSY, BUSY);
  const done = send(3);
  await vi.runAllTimersAsync();
  expect(sentAt).toEqual([0, 500, 1500, 3500, 7500]);
  expect(done).toHaveBeenCalledWith({ code: 1, error: expect.any(Error) });
  expect(lines).toEqual(['respan: sending spans to the backend (https://host/v1/traces) fails: HTTP 503\n']);
});

it('waits as long as the backend asks for, unless that is too long', async () => {
  const patient = exporterWith({ ...BUSY, retryAfterMillis: 7_000 });
  patient.send();
  await vi.runAllTimersAsync();
  expect(patient.sentAt).toEqual([0, 7_000]);
  expect(lines).toEqual([]);

  const impatient = exporterWith({ ...BUSY, retryAfterMillis: 3_600_000 });
  impatient.send();
  await vi.runAllTimersAsync();
  expect(impatient.sentAt).toEqual([0]);
  expect(lines).toHaveLength(1);
});

it('does not try again what is wrong, gives a hint and shows no secret', async () => {
  const { send, sentAt } = exporterWith(WRONG);
  send();
  await vi.runAllTimersAsync();
  expect(sentAt).toEqual([0]);
  expect(lines).toEqual([
    'respan: sending spans to the backend (https://host/v1/traces) fails: HTTP 401 bad key [redacted]; check the key\n',
  ]);
});

it('sends halves of what is too large, down to the span that cannot be sent', async () => {
  const TOO_LARGE: SendResult = { ok: false, retryable: false, status: 413, reason: 'HTTP 413' };
  const { send, sentAt } = exporterWith(TOO_LARGE, TOO_LARGE, TOO_LARGE, OK, OK);
  // 3 spans: too large, 2 of them: too large, the first: too large, the second: fine, the third: fine.
  const done = send(3);
  await vi.runAllTimersAsync();
  expect(sentAt).toHaveLength(5);
  expect(done).toHaveBeenCalledWith({ code: 1, error: expect.any(Error) });
  expect(lines).toEqual([
    'respan: sending spans to the backend (https://host/v1/traces) fails: HTTP 413\n',
    'respan: sending spans to the backend works again; 1 spans were lost\n',
  ]);
});

it('says once that it fails and once that it works again, each time', async () => {
  const { send } = exporterWith(WRONG, WRONG, OK, OK, WRONG, OK);
  for (const count of [2, 3, 1, 1, 4, 1]) {
    send(count);
    await vi.runAllTimersAsync();
  }
  expect(lines.map((line) => line.replace(/ \(.*| to the backend/g, '').trim())).toEqual([
    'respan: sending spans',
    'respan: sending spans works again; 5 spans were lost',
    'respan: sending spans',
    'respan: sending spans works again; 4 spans were lost',
  ]);
});

it('is content with an answer it cannot read', async () => {
  const { send } = exporterWith({ ok: true, body: Buffer.from('<html>thank you</html>') });
  const done = send();
  await vi.runAllTimersAsync();
  expect(done).toHaveBeenCalledWith({ code: 0 });
  expect(lines).toEqual([]);
});

it('tells of what the backend rejected', async () => {
  const body = Buffer.from('{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old s3cret"}}');
  const { send } = exporterWith({ ok: true, body });
  send(5);
  await vi.runAllTimersAsync();
  expect(lines).toEqual(['respan: the backend rejected 2 of 5 spans: too old [redacted]\n']);
});

describe('when the app ends', () => {
  it('does not wait for a backend that is not there', async () => {
    const { exporter, send, sentAt } = exporterWith(REFUSED, REFUSED);
    const done = send();
    await vi.advanceTimersByTimeAsync(100);
    exporter.setUrgency('ending');
    await vi.advanceTimersByTimeAsync(0);
    expect(sentAt).toEqual([0, 100]);
    expect(done).toHaveBeenCalled();
    expect(lines).toHaveLength(1);
  });

  it('tries again at once, and as often as there is time', async () => {
    const { exporter, send, sentAt } = exporterWith({ ...BUSY, retryAfterMillis: 20_000 }, BUSY, OK);
    const done = send();
    await vi.advanceTimersByTimeAsync(100);
    exporter.setUrgency('ending');
    await vi.runAllTimersAsync();
    expect(sentAt).toEqual([0, 100, 1_100]);
    expect(done).toHaveBeenCalledWith({ code: 0 });
  });

  it('sends nothing any more when time is over, and again when the app goes on', async () => {
    const { exporter, send, sentAt, abort } = exporterWith(BUSY);
    const waiting = send();
    await vi.advanceTimersByTimeAsync(100);
    exporter.setUrgency('over');
    const late = send();
    await vi.advanceTimersByTimeAsync(0);
    expect(abort).toHaveBeenCalledOnce();
    for (const done of [waiting, late])
      expect(done).toHaveBeenCalledWith(expect.objectContaining({ code: 1 }));
    expect(sentAt).toEqual([0]);
    exporter.setUrgency('normal');
    send();
    await vi.runAllTimersAsync();
    expect(sentAt).toEqual([0, 100]);
    expect(lines.at(-1)).toContain('works again; 2 spans were lost');
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
