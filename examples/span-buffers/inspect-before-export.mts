/** Spans are looked at before it is decided whether to send them. */
import { getClient, RespanTelemetry } from 'respan';

new RespanTelemetry({ appName: 'inspection' });
const client = getClient();

const spans = client.getSpanBuffer('trace-123', (buffer) => {
  buffer.createSpan('task1', { status: 'completed', score: 0.95 });
  buffer.createSpan('task2', { status: 'failed', score: 0.45 });
  buffer.createSpan('task3', { status: 'completed', score: 0.88 });

  console.log(`${buffer.getSpanCount()} spans`);
  for (const { name, attributes } of buffer.getAllSpans()) console.log(name, attributes);
  return buffer.getAllSpans();
});

const good = spans.filter(({ attributes }) => Number(attributes.score) > 0.5);
if (good.length > 0) await client.processSpans(good);
