/** The runs of an experiment are logged where it was a success. */
import { getClient, RespanTelemetry } from 'respan';

new RespanTelemetry({ appName: 'experiments' });
const client = getClient();

interface Run {
  config: { temperature: number };
  metrics: { accuracy: number };
  success: boolean;
}

async function logExperiment(id: string, runs: Run[]) {
  const spans = client.getSpanBuffer(`experiment-${id}`, (buffer) => {
    for (const [i, { config, metrics, success }] of runs.entries()) {
      buffer.createSpan(`run_${i}`, { config, metrics, success }, { status: success ? 'OK' : 'ERROR' });
    }
    return buffer.getAllSpans();
  });
  // Spans that are not processed are forgotten with the list.
  return runs.every(({ success }) => success) && client.processSpans(spans);
}

const run = { config: { temperature: 0.5 }, metrics: { accuracy: 0.9 }, success: true };
console.log('logged:', await logExperiment('1', [run, run]));
console.log('logged:', await logExperiment('2', [run, { ...run, success: false }]));
