/** Whatever starts a span inside a buffer's function: it goes to the buffer. Spans before and after do not. */
import { getClient, RespanTelemetry, task } from 'respan';
import { openai } from '../../fixtures/quickstart/services.mjs';

new RespanTelemetry({ appName: 'isolation' });
const client = getClient();
const tracer = client.getTracer();

const clap = task({ name: 'clap' }, () =>
  openai.chat.completions.create({
    model: 'gpt-3.5-turbo',
    messages: [{ role: 'user', content: 'Clap once' }],
  }),
);

tracer.startActiveSpan('before_buffer', (span) => span.end());

const buffer = await client.getSpanBuffer('trace-123', async (buffer) => {
  buffer.createSpan('span1');
  tracer.startActiveSpan('span2', (span) => span.end());
  await clap();
  return buffer;
});
console.log(buffer.getAllSpans().map(({ name }) => name));

tracer.startActiveSpan('after_buffer', (span) => span.end());

// Without this line the spans of the buffer are gone.
await client.processSpans(buffer);
