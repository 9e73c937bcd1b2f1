import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, expect, it } from 'vitest';
import { spansOf } from '../harness/collector';
import { tempFolder } from '../harness/temp-app';
import { respan, testing } from './package';

/** Exporters, processors and spans of an OpenTelemetry SDK are taken, and ours are taken by it: also by their types. */

const traces = testing.traceInMemory();
afterEach(() => traces.reset());
afterAll(() => traces.stop());

const work = (name: string, processors?: string) => respan.withTask({ name, processors }, () => {});

it('takes exporters and processors of an SDK', async () => {
  const all = new InMemorySpanExporter();
  const slow = new InMemorySpanExporter();
  traces.telemetry.addProcessor({ exporter: all, isBatchingEnabled: false });
  traces.telemetry.addProcessor({
    processor: new BatchSpanProcessor(slow),
    name: 'slow',
    filter: (span: ReadableSpan) => span.name !== 'quick.task',
  });
  work('quick', 'slow');
  work('long', 'slow');
  await traces.telemetry.flush();
  const names = (exporter: InMemorySpanExporter) => exporter.getFinishedSpans().map(({ name }) => name);
  expect(names(all)).toEqual(['quick.task', 'long.task']);
  expect(names(slow)).toEqual(['long.task']);
});

it('takes a callback over the spans of an SDK', () => {
  const rename = (span: ReadableSpan) => {
    span.attributes.seen = span.resource.attributes['service.name'];
  };
  new respan.RespanTelemetry({ appName: 'renamed', spanPostprocessCallback: rename });
  work('one');
  expect(traces.getFinishedSpans()[0]?.attributes.seen).toBe('renamed');
});

it('gives an SDK its exporters', async () => {
  const file = join(tempFolder(), 'spans.jsonl');
  const memory = new testing.InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [
      new BatchSpanProcessor(new respan.FileSpanExporter(file)),
      new SimpleSpanProcessor(memory),
    ],
  });
  provider.getTracer('an app').startSpan('of an SDK').end();
  await provider.forceFlush();
  expect(memory.getFinishedSpans().map(({ name }) => name)).toEqual(['of an SDK']);
  expect(spansOf(readFileSync(file, 'utf8')).map(({ name }) => name)).toEqual(['of an SDK']);
});
