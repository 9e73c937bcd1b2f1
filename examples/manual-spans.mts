/** Spans made by hand, in tasks and around them. */
import { trace } from '@opentelemetry/api';
import { getClient, RespanTelemetry, task, workflow } from 'respan';

new RespanTelemetry({ appName: 'by-hand' });

const tracer = getClient().getTracer();

// A span, its children, and the client inside of them.
tracer.startActiveSpan('database_operation', (operation) => {
  operation.setAttributes({ 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' });
  operation.addEvent('Connection established');

  const rows = tracer.startActiveSpan('execute_query', (query) => {
    query.setAttribute('db.query.text', 'SELECT * FROM users');
    getClient().updateCurrentSpan({ respanParams: { customerIdentifier: 'admin-user' } });
    query.end();
    return ['ada', 'grace'];
  });

  tracer.startActiveSpan('process_results', (results) => {
    results.setAttribute('result.count', rows.length);
    results.end();
  });

  operation.addEvent('Operation completed', { 'total_time.ms': 150 });
  operation.end();
});

interface Item {
  id: number;
  isValid: boolean;
}

const validateData = task({ name: 'validate_data' }, (data: Item[]) => data.filter(({ isValid }) => isValid));
const processItem = task({ name: 'process_single_item' }, ({ id }: Item) => id * 2);
const finalizeResults = task({ name: 'finalize_results' }, (data: Item[]) => ({ processed: data.length }));

// In a workflow, and with tasks inside. The app's own OpenTelemetry API makes the same spans.
const hybridWorkflow = workflow({ name: 'hybrid_workflow' }, (data: Item[]) => {
  const valid = validateData(data);
  trace.getTracer('app').startActiveSpan('custom_processing', (processing) => {
    processing.setAttribute('data.size', valid.length);
    for (const item of valid) {
      tracer.startActiveSpan(`process_item_${item.id}`, (span) => {
        span.setAttribute('item.id', item.id);
        processItem(item);
        span.end();
      });
    }
    processing.end();
  });
  return finalizeResults(valid);
});

hybridWorkflow([
  { id: 1, isValid: true },
  { id: 2, isValid: false },
  { id: 3, isValid: true },
]);
