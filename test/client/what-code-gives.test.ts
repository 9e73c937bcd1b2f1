import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadableSpan } from '../../src/index';
import { respan, testing } from './package';

/** Exporters and values as people write them, where OpenTelemetry would take neither. */

const traces = testing.traceInMemory();
const said: string[] = [];
const rejections: unknown[] = [];
const onRejection = (error: unknown) => rejections.push(error);

beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  process.on('unhandledRejection', onRejection);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.off('unhandledRejection', onRejection);
  traces.reset();
  said.length = 0;
});
afterAll(() => traces.stop());

const client = respan.getClient();
const work = (name: string) => respan.withTask({ name }, () => {});

describe('exporters', () => {
  it.each([
    [
      'returns',
      (names: string[]) => (spans: ReadableSpan[]) => void names.push(...spans.map(({ name }) => name)),
    ],
    [
      'is async',
      (names: string[]) => async (spans: ReadableSpan[]) => {
        await Promise.resolve();
        names.push(...spans.map(({ name }) => name));
      },
    ],
  ])('are done when an export without a callback %s', async (_, exportInto) => {
    const names: string[] = [];
    traces.telemetry.addProcessor({ exporter: { export: exportInto(names) }, isBatchingEnabled: true });
    work('one');
    await client.flush();
    work('two');
    await client.flush();
    expect(names).toEqual(['one.task', 'two.task']);
    const buffer = client.getSpanBuffer('kept back');
    buffer.createSpan('three');
    expect(await client.processSpans(buffer)).toBe(true);
  });

  it('that reject have not taken the spans, and end nothing', async () => {
    traces.telemetry.addProcessor({
      exporter: {
        async export(_spans, _done) {
          throw new Error('no network');
        },
      },
    });
    traces.telemetry.addProcessor({
      processor: {
        onStart() {},
        async onEnd() {
          throw new Error('no disk');
        },
      },
    });
    traces.telemetry.addProcessor({
      exporter: { export(_spans) {} },
      filter: (async () => {
        throw new Error('no filter');
      }) as unknown as () => boolean,
    });
    work('one');
    await client.flush();
    await new Promise(setImmediate);
    expect(rejections).toEqual([]);
    expect(said.join('')).toContain('failed: no network');
    expect(said.join('')).toContain('failed: no disk');
    expect(said.join('')).toContain('answered with a promise; such spans are let through');
    expect(traces.getFinishedSpans().map(({ name }) => name)).toEqual(['one.task']);
  });
});

it('options that are none are said', () => {
  const exporter = { export(_spans: ReadableSpan[]) {} };
  traces.telemetry.addProcessor({ exporter, filterFn: () => false } as never);
  client.getTracer().startActiveSpan('by hand', (span) => {
    client.updateCurrentSpan({ customerIdentifier: 'ada', atributes: {} } as never);
    span.end();
  });
  const named = respan.task({ nmae: 'one' } as never, () => 'done');
  expect([named(), named()]).toEqual(['done', 'done']);
  expect(said.join('')).toBe(
    `respan: addProcessor has no option "filterFn"; did you mean filter?
respan: updateCurrentSpan has no option "customerIdentifier"
respan: updateCurrentSpan has no option "atributes"; did you mean attributes?
respan: task has no option "nmae"; did you mean name?
`,
  );
});

describe('attributes', () => {
  const given = {
    config: { temperature: 0.5 },
    mixed: [1, 'a', null],
    when: new Date(0),
    big: 10n,
    list: [1, 2],
    text: 'a',
    nothing: undefined,
    never: null,
  };
  const written = {
    config: '{"temperature":0.5}',
    mixed: '[1,"a",null]',
    when: '1970-01-01T00:00:00.000Z',
    big: '10',
    list: [1, 2],
    text: 'a',
  };

  it('of spans in a buffer, of the span in progress, of events and errors become readable', () => {
    expect(client.getSpanBuffer('b').createSpan('x', given).attributes).toMatchObject(written);
    client.getTracer().startActiveSpan('by hand', (span) => {
      client.updateCurrentSpan({ attributes: given });
      client.addEvent('event', given);
      client.recordException(new Error('x'), { config: given.config });
      span.end();
    });
    const [span] = traces.getFinishedSpans();
    expect(span?.attributes).toMatchObject(written);
    expect(span?.events[0]?.attributes).toEqual(written);
    expect(span?.attributes.never).toBe(undefined);
  });
});
