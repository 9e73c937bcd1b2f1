/** A worker thread that goes on with the trace of the code that started it. Its context is handed over by hand. */
import { once } from 'node:events';
import { isMainThread, threadId, Worker, workerData } from 'node:worker_threads';
import { ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { getClient, RespanTelemetry, task, workflow } from 'respan';

// Each thread has a telemetry of its own. (With the preload it has one without this line.)
new RespanTelemetry({ appName: 'threads' });
const client = getClient();

const threadedWorkflow = workflow({ name: 'threaded_workflow' }, async () => {
  const parent = { traceId: client.getCurrentTraceId(), spanId: client.getCurrentSpanId() };
  const worker = new Worker(new URL(import.meta.url), { workerData: parent });
  await once(worker, 'exit');
});

const work = task({ name: 'work' }, (thread: number) => `done in thread ${thread}`);

function inWorker(parent: Pick<SpanContext, 'traceId' | 'spanId'>) {
  const around = trace.setSpanContext(ROOT_CONTEXT, {
    ...parent,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
  client.getTracer().startActiveSpan('worker_task', {}, around, (span) => {
    work(threadId);
    span.end();
  });
}

if (isMainThread) await threadedWorkflow();
else inWorker(workerData);
