import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, it, vi } from 'vitest';

/** Milliseconds since the process started, and since 1970 then. */
let elapsed = 1000;
const ORIGIN = performance.timeOrigin;
/** How long the process has to wait after each look at the system's clock. */
let wait = 0;

vi.spyOn(performance, 'now').mockImplementation(() => elapsed);
vi.spyOn(Date, 'now').mockImplementation(() => {
  const now = Math.floor(ORIGIN + elapsed);
  elapsed += wait;
  return now;
});
const { RespanTracerProvider } = await import('../../src/telemetry/respan-provider');

const exporter = new InMemorySpanExporter();
const provider = new RespanTracerProvider(
  { spanProcessors: [new SimpleSpanProcessor(exporter)] },
  () => false,
);
const tracer = provider.getTracer('test');

function timesOf(run: () => void): { start: number; end: number } {
  run();
  const [span] = exporter.getFinishedSpans();
  exporter.reset();
  const millis = ([seconds, nanos]: [number, number]) => seconds * 1000 + nanos / 1e6 - ORIGIN;
  return { start: millis(span!.startTime), end: millis(span!.endTime) };
}

/** To within what the system's clock says, whole milliseconds. */
function expectAbout(time: number, expected: number) {
  expect(Math.abs(time - expected)).toBeLessThan(1.01);
}

afterEach(() => {
  wait = 0;
});

describe('when a span was, on a process that has to wait between two looks at its clocks', () => {
  it('is right where its start is told as that of another span', () => {
    const begun = elapsed;
    const [other] = [tracer.startSpan('other') as unknown as { startTime: [number, number] }];
    elapsed += 10;
    const { start, end } = timesOf(() => {
      wait = 50;
      const span = tracer.startSpan('one', { startTime: other.startTime });
      wait = 0;
      elapsed += 5;
      span.end();
    });
    expectAbout(start, begun);
    expectAbout(end, elapsed);
  });

  it.each([
    ['and the start and the end are told by the clock of the process', true],
    ['and the end alone is', false],
  ])('%s', (_, isStartTold) => {
    const begun = elapsed;
    const { start, end } = timesOf(() => {
      wait = 50;
      const span = tracer.startSpan('one', isStartTold ? { startTime: begun } : {});
      wait = 0;
      elapsed += 5;
      span.end(elapsed - 1);
    });
    if (isStartTold) expectAbout(start, begun);
    expectAbout(end, elapsed - 1);
  });

  it('stays what it is where it is told as a date', () => {
    const date = new Date(ORIGIN + 100);
    const { start, end } = timesOf(() =>
      tracer.startSpan('one', { startTime: date }).end(date.getTime() + 7),
    );
    expectAbout(start, 100);
    expectAbout(end, 107);
  });
});
