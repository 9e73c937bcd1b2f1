import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect, it, vi } from 'vitest';
import { Pipeline } from '../../src/telemetry/pipeline';
import type { Route } from '../../src/telemetry/routing';
import { fakeSpan } from './fake-span';

const sink = (route: Route = { name: 'default' }) => ({
  ...route,
  add: vi.fn<(span: ReadableSpan) => void>(),
  exportTogether: vi.fn(async (_spans: ReadableSpan[]) => true),
  flush: vi.fn(async () => {}),
});

it('takes every span through the steps, in order, to every destination', () => {
  const sinks = [sink(), sink()];
  const steps: string[] = [];
  const pipeline = new Pipeline({ steps: [() => void steps.push('a'), () => void steps.push('b')], sinks });
  const span = fakeSpan();
  pipeline.onEnd(span);
  expect(steps).toEqual(['a', 'b']);
  for (const { add } of sinks) expect(add).toHaveBeenCalledExactlyOnceWith(span);
});

it('has no use for spans that are not sampled', () => {
  const only = sink();
  new Pipeline({ steps: [], sinks: [only] }).onEnd(fakeSpan({ sampled: false }));
  expect(only.add).not.toHaveBeenCalled();
});

it('goes on where a step or a destination throws', () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const broken = sink();
  broken.add.mockImplementation(() => {
    throw new Error('no');
  });
  const fine = sink();
  const step = () => {
    throw new Error('no');
  };
  new Pipeline({ steps: [step], sinks: [broken, fine] }).onEnd(fakeSpan());
  expect(fine.add).toHaveBeenCalledOnce();
});

it('holds spans back until its steps are there, and a flush waits for that', async () => {
  const only = sink();
  let ready = () => {};
  const pipeline = new Pipeline({
    steps: [],
    sinks: [only],
    ready: new Promise((resolve) => (ready = () => resolve(undefined))),
  });
  pipeline.onEnd(fakeSpan());
  const flushed = pipeline.forceFlush();
  expect(only.add).not.toHaveBeenCalled();
  ready();
  await flushed;
  expect(only.add).toHaveBeenCalledOnce();
  expect(only.flush).toHaveBeenCalledOnce();
  pipeline.onEnd(fakeSpan());
  expect(only.add).toHaveBeenCalledTimes(2);
});

const routed = (processors: unknown, more = {}) =>
  fakeSpan({ attributes: { 'respan.processors': processors as string, ...more } });

it.each([
  ['no name', undefined, ['default', 'all']],
  ['a name', 'debug', ['debug', 'all']],
  ['names with commas between', 'debug, analytics', ['debug', 'analytics', 'all']],
  ['a list', ['analytics', 'debug'], ['debug', 'analytics', 'all']],
  ['a list with the default', ['default', 'debug'], ['default', 'debug', 'all']],
  ['nothing in the list', [], ['default', 'all']],
])('sends a span with %s where it names', (_, processors, expected) => {
  const sinks = {
    default: sink(),
    debug: sink({ name: 'debug' }),
    analytics: sink({ name: 'analytics' }),
    all: sink({}),
  };
  const pipeline = new Pipeline({ steps: [], sinks: Object.values(sinks) });
  pipeline.onEnd(routed(processors));
  const reached = Object.entries(sinks).flatMap(([name, { add }]) => (add.mock.calls.length > 0 ? name : []));
  expect(reached).toEqual(expected);
});

it('loses no span to a name that nobody has, and says so once', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  said.mockClear();
  const fallback = sink();
  const pipeline = new Pipeline({ steps: [], sinks: [fallback, sink({ name: 'debug' })] });
  pipeline.onEnd(routed('debgu'));
  pipeline.onEnd(routed('debgu'));
  expect(fallback.add).toHaveBeenCalledTimes(2);
  expect(said.mock.calls.map(([text]) => text)).toEqual([
    'respan: there is no processor "debgu" (there is default, debug); such spans go to the default one\n',
  ]);
});

it('asks a filter on top of the name, and lets through what it cannot judge', () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const slow = sink({ name: 'debug', filter: (span) => span.attributes.slow === true });
  const broken = sink({
    filter: () => {
      throw new Error('no');
    },
  });
  const pipeline = new Pipeline({ steps: [], sinks: [slow, broken] });
  pipeline.onEnd(routed('debug'));
  pipeline.onEnd(routed('debug', { slow: true }));
  pipeline.onEnd(routed(undefined, { slow: true }));
  expect(slow.add).toHaveBeenCalledOnce();
  expect(broken.add).toHaveBeenCalledTimes(3);
});

it('sends what was kept back as one batch a destination, and runs the steps once', async () => {
  const fallback = sink();
  const debug = sink({ name: 'debug' });
  const step = vi.fn();
  const pipeline = new Pipeline({ steps: [step], sinks: [fallback, debug] });
  const spans = [routed(undefined), routed('debug'), routed(undefined)];
  await expect(pipeline.process(spans)).resolves.toBe(true);
  expect(fallback.exportTogether).toHaveBeenCalledExactlyOnceWith([spans[0], spans[2]]);
  expect(debug.exportTogether).toHaveBeenCalledExactlyOnceWith([spans[1]]);
  debug.exportTogether.mockResolvedValue(false);
  await expect(pipeline.process(spans)).resolves.toBe(false);
  expect(step).toHaveBeenCalledTimes(3);
});
