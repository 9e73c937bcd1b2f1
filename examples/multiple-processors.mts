/** Spans go to more than one place, each to where its task says. */
import { setTimeout } from 'node:timers/promises';
import {
  FileSpanExporter,
  type ReadableSpan,
  RespanTelemetry,
  type SpanExporter,
  task,
  workflow,
} from 'respan';

/** An exporter of one's own: one line a span. Those of OpenTelemetry packages are taken as they are. */
class LineExporter implements SpanExporter {
  readonly #title: string;

  constructor(title: string) {
    this.#title = title;
  }

  export(spans: ReadableSpan[]) {
    for (const span of spans) console.log(`${this.#title}: ${span.name}`);
  }
}

const telemetry = new RespanTelemetry({ appName: 'many-places' });

// Only spans that name them.
telemetry.addProcessor({ name: 'debug', exporter: new FileSpanExporter('.respan/debug.jsonl') });
telemetry.addProcessor({ name: 'analytics', exporter: new LineExporter('analytics') });
// Both have to hold: the span names it, and took long.
telemetry.addProcessor({
  name: 'slow',
  filter: ({ duration: [seconds, nanoseconds] }) => seconds * 1e9 + nanoseconds > 50_000_000,
  exporter: new LineExporter('slow'),
});
// Without a name: every span that passes the filter, wherever else it goes.
telemetry.addProcessor({
  filter: (span) => span.name.includes('error'),
  exporter: new LineExporter('errors'),
});

const normalTask = task({ name: 'normal_task' }, () => 'to the default destination');
const debugTask = task({ name: 'debug_task', processors: 'debug' }, () => 'to the file alone');
const importantTask = task(
  { name: 'important_task', processors: ['default', 'debug', 'analytics'] },
  () => 'to all three',
);
const pause = task({ name: 'pause', processors: 'slow' }, (millis: number) => setTimeout(millis));
const errorReport = task({ name: 'error_report' }, () => 'to the default destination, and to that of errors');

await workflow({ name: 'many_places' }, async () => {
  normalTask();
  debugTask();
  importantTask();
  await pause(1);
  await pause(60);
  errorReport();
})();
await telemetry.flush();
