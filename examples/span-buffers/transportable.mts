/** Spans are collected in one place, and sent from another, or not at all. */
import { getClient, type ReadableSpan, RespanTelemetry, type SpanBuffer } from 'respan';

new RespanTelemetry({ appName: 'transport' });
const client = getClient();

/** The list stays usable when the buffer has closed. */
function collectWorkflowSpans(records: number): ReadableSpan[] {
  return client.getSpanBuffer(`workflow-${records}`, (buffer: SpanBuffer) => {
    buffer.createSpan('data_loading', { records });
    buffer.createSpan('processing', { duration_ms: 500 });
    buffer.createSpan('validation', { errors: records > 1000 ? 1 : 0 });
    return buffer.getAllSpans();
  });
}

async function processBasedOnBusinessLogic(spans: ReadableSpan[]) {
  const isSuccessful = spans.every(({ attributes }) => attributes.errors !== 1);
  // Through processors, filters and export as every span; what is never processed is never sent.
  if (isSuccessful) return client.processSpans(spans);
  console.log(`discarded ${spans.length} spans`);
  return false;
}

console.log(await processBasedOnBusinessLogic(collectWorkflowSpans(1000)));
console.log(await processBasedOnBusinessLogic(collectWorkflowSpans(2000)));
