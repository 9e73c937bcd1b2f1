import type { CollectedSpan } from '../harness/collector';
import { databaseSpans, stepNamedBy } from '../harness/database-spans';
import { startNoProvider } from '../harness/no-provider';
import { describeProvider } from '../harness/provider-suite';

const named = stepNamedBy('db.collection.name');

describeProvider({
  fixture: 'lancedb',
  versions: [
    { name: 'lancedb-0.22', sdks: ['lancedb-0.22'], nodes: ['20', '24'] },
    { name: 'lancedb-0.37', sdks: ['lancedb-0.37'], nodes: ['20', '24'] },
    { name: 'lancedb-0.39', sdks: ['lancedb-0.39'], nodes: ['24', '26'] },
  ],
  startServer: startNoProvider,
  // Its warnings carry the time.
  env: { LANCEDB_LOG: 'error' },
  spansOfStep: {
    parallel: 3,
    opened: 3,
    unknown: 1,
    odd_limit: 0,
    created: 25,
    built_twice: 2,
    full_text: 2,
    add: 2,
  },
  select: databaseSpans,
  stepOf,
});

/** Tables are made in one step, and used in others. */
function stepOf(span: CollectedSpan): string {
  const step = named(span);
  const isMade = span.attributes['db.operation.name'] === 'create_table';
  return isMade && step !== 'opened' ? 'created' : step;
}
