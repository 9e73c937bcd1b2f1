/** What code says of the span it runs in: parameters of Respan's, attributes, events, a new name, an error. */
import { getClient, RespanTelemetry, workflow } from 'respan';
import { openai } from '../fixtures/quickstart/services.mjs';

new RespanTelemetry({ appName: 'updates' });

const processData = workflow({ name: 'data_processing' }, async (userId: string, data: object) => {
  const client = getClient();
  console.log(`trace ${client.getCurrentTraceId()}, span ${client.getCurrentSpanId()}`);

  client.updateCurrentSpan({
    respanParams: {
      customerIdentifier: userId,
      traceGroupIdentifier: 'data-processing-pipeline',
      metadata: { dataSize: JSON.stringify(data).length, processingType: 'batch' },
    },
  });
  client.addEvent('validation_started', { recordCount: Object.keys(data).length });
  client.updateCurrentSpan({ attributes: { 'custom.user_id': userId } });

  try {
    const completion = await openai.chat.completions.create({
      model: 'gpt-4',
      messages: [{ role: 'user', content: `Process: ${JSON.stringify(data)}` }],
    });
    const text = completion.choices[0]?.message.content ?? '';
    client.updateCurrentSpan({
      name: 'data_processing.success',
      attributes: { 'result.length': text.length },
      status: 'OK',
    });
    return text;
  } catch (error) {
    // The workflow records what it throws by itself; this is for what is not thrown.
    client.recordException(error);
    return '';
  }
});

await processData('user-123', { key: 'value' });
