import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect, it, vi } from 'vitest';
import { Pipeline } from '../../src/telemetry/pipeline';
import { fakeSpan } from './fake-span';

const sink = () => ({ add: vi.fn<(span: ReadableSpan) => void>(), flush: vi.fn(async () => {}) });

it('takes every span through the steps, in order, to every destination', () => {
  const sinks = [sink(), sink()];
  const steps: string[] = [];
  const pipeline = new Pipeline([() => void steps.push('a'), () => void steps.push('b')], sinks);
  const span = fakeSpan();
  pipeline.onEnd(span);
  expect(steps).toEqual(['a', 'b']);
  for (const { add } of sinks) expect(add).toHaveBeenCalledExactlyOnceWith(span);
});

it('has no use for spans that are not sampled', () => {
  const only = sink();
  new Pipeline([], [only]).onEnd(fakeSpan({ sampled: false }));
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
  new Pipeline([step], [broken, fine]).onEnd(fakeSpan());
  expect(fine.add).toHaveBeenCalledOnce();
});

it('holds spans back until its steps are there, and a flush waits for that', async () => {
  const only = sink();
  let ready = () => {};
  const pipeline = new Pipeline([], [only], new Promise((resolve) => (ready = () => resolve(undefined))));
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
