/** A backend takes in what workflows report of themselves, and decides for each where its spans go. */
import { getClient, RespanTelemetry } from 'respan';

new RespanTelemetry({ appName: 'ingestion' });

interface WorkflowResult {
  input: string;
  output: string;
  steps: { name: string; input: string; output: string; latency: number; cost: number }[];
}

async function ingestWorkflowOutput(result: WorkflowResult, traceId: string, destination: string) {
  const client = getClient();
  const buffer = client.getSpanBuffer(traceId);
  const execution = buffer.createSpan('workflow_execution', {
    input: result.input,
    output: result.output,
    organization_id: 'org-1',
  });
  for (const { name, input, output, latency, cost } of result.steps) {
    buffer.createSpan(
      `step_${name}`,
      { input, output, latency_ms: latency, cost_usd: cost },
      { parent: execution },
    );
  }

  if (destination === 'respan') return client.processSpans(buffer);
  if (destination === 'internal') console.log(buffer.getAllSpans().map(({ name }) => name));
  buffer.clearSpans();
  return true;
}

const steps = ['load', 'answer'].map((name) => ({ name, input: 'a', output: 'b', latency: 5, cost: 0.01 }));
const result = { input: 'question', output: 'answer', steps };
for (const destination of ['respan', 'internal', 'nowhere']) {
  console.log(destination, await ingestWorkflowOutput(result, `workflow for ${destination}`, destination));
}
