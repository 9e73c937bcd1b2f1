import { describe, expect, it } from 'vitest';
import { propagation, ROOT_CONTEXT, type SpanContext, trace } from '../../src/telemetry/api';
import { inheritedBy, isWithoutContent, withInherited, withoutContent } from '../../src/telemetry/inherited';
import type { SpanRecord } from '../../src/telemetry/span-record';
import { carrierOf, contextOf } from '../../src/telemetry/threads/carrier';
import { leftOf } from '../../src/telemetry/threads/left-behind';
import { SharedLog } from '../../src/telemetry/threads/shared-log';

const span: SpanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
};

describe('what another thread goes on with', () => {
  it('is nothing where nothing is active', () => {
    expect(carrierOf(ROOT_CONTEXT)).toBeUndefined();
    expect(contextOf(undefined)).not.toBe(ROOT_CONTEXT);
    expect(trace.getSpanContext(contextOf(undefined))).toBeUndefined();
  });

  it('is the span, what is inherited, and that there is to be no content', () => {
    const inside = trace.setSpanContext(
      withInherited(ROOT_CONTEXT, { 'traceloop.workflow.name': 'w' }),
      span,
    );
    const there = contextOf(structuredClone(carrierOf(withoutContent(inside))));
    expect(trace.getSpanContext(there)).toMatchObject({ ...span, isRemote: true });
    expect(inheritedBy(there)).toEqual({ 'traceloop.workflow.name': 'w' });
    expect(isWithoutContent(there)).toBe(true);
  });

  it('is baggage, with a span or without', () => {
    const baggage = propagation.createBaggage({ user: { value: 'a b' } });
    const carrier = carrierOf(propagation.setBaggage(ROOT_CONTEXT, baggage));
    expect(carrier).toEqual({ baggage: 'user=a%20b' });
    expect(propagation.getBaggage(contextOf(carrier))?.getEntry('user')?.value).toBe('a b');
  });

  it('is nothing that cannot be read', () => {
    expect(trace.getSpanContext(contextOf({ traceparent: 'mine' }))).toBeUndefined();
  });
});

describe('a log in shared memory', () => {
  it('takes lines until it is full, and can be written anew', () => {
    const log = SharedLog.ofBytes(16);
    expect(log.append('one\n')).toBe(true);
    expect(log.append('ünü\n')).toBe(true);
    expect(log.append('too long\n')).toBe(false);
    expect(new SharedLog(log.memory).read()).toEqual(['one', 'ünü']);
    expect(log.rewrite(['far too long for it\n'])).toBe(false);
    expect(log.rewrite(['two\n', '3\n'])).toBe(true);
    expect(log.append('four\n')).toBe(true);
    expect(new SharedLog(log.memory).read()).toEqual(['two', '3', 'four']);
  });

  it('is taken by one side', () => {
    const taken = SharedLog.ofBytes(16);
    expect(taken.take()).toBe(true);
    expect(taken.take()).toBe(false);
    expect(taken.isTaken).toBe(true);
    const kept = SharedLog.ofBytes(16);
    kept.keep();
    expect(kept.take()).toBe(false);
    expect(kept.isTaken).toBe(false);
  });
});

describe('what a thread leaves', () => {
  const record = (spanId: string) => ({ name: spanId, context: { spanId }, attributes: {} }) as SpanRecord;
  const left = (...words: object[]) => leftOf({ read: () => words.map((word) => JSON.stringify(word)) });
  const names = (records: Iterable<SpanRecord>) => [...records].map(({ name }) => name);

  it('is what is open, with what has come of it', () => {
    const { open, unsent } = left(
      { start: record('a') },
      { start: record('b') },
      { progress: 'b', attributes: { half: 'an answer' } },
      { end: record('a'), to: 'respan' },
      { settled: ['a'], to: 'respan' },
    );
    expect([...open]).toEqual([{ ...record('b'), attributes: { half: 'an answer' } }]);
    expect(unsent).toEqual([]);
  });

  it('is what no backend has been sent as a whole, each on its own', () => {
    const { unsent, isSending } = left(
      ...['a', 'b', 'c', 'd'].map((id) => ({ end: record(id), to: 'respan' })),
      { end: record('a'), to: 'otlp' },
      { sending: ['a', 'b', 'c'], to: 'respan' },
      { written: ['a', 'b'], to: 'respan' },
      { again: ['b'], to: 'respan' },
    );
    expect(unsent.map(({ end, to }) => `${end.name} ${to}`)).toEqual([
      'b respan',
      'c respan',
      'd respan',
      'a otlp',
    ]);
    expect(isSending).toBe(true);
    expect(names(unsent.map(({ end }) => end))).not.toContain('e');
  });

  it('goes where the last settings say', () => {
    const [a, b] = [1, 2].map((version) => ({ config: { version }, resource: {} }));
    expect(left(a!, b!).configs).toEqual([b]);
  });
});
