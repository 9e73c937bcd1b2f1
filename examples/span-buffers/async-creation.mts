/** Spans are made after the work, from its results, with the times at which it was done. */
import { setTimeout } from 'node:timers/promises';
import { getClient, RespanTelemetry } from 'respan';

new RespanTelemetry({ appName: 'afterwards' });
const client = getClient();

async function executeWorkflow(input: string) {
  const startTime = new Date();
  await setTimeout(10);
  return { input, output: input.toUpperCase(), cost: 0.01, startTime, endTime: new Date() };
}

// First the work, without any span.
const results = await Promise.all(['one', 'two', 'three'].map(executeWorkflow));

// Then the spans.
const spans = client.getSpanBuffer('experiment-123', (buffer) => {
  for (const [i, { startTime, endTime, ...attributes }] of results.entries()) {
    buffer.createSpan(`workflow_${i}`, attributes, { startTime, endTime });
  }
  return buffer.getAllSpans();
});

await client.processSpans(spans);
