import { startChromaProvider } from '../harness/chroma-provider';
import type { CollectedSpan } from '../harness/collector';
import { databaseSpans, stepNamedBy } from '../harness/database-spans';
import { describeProvider } from '../harness/provider-suite';

const named = stepNamedBy('db.collection.name');

describeProvider({
  fixture: 'chroma',
  versions: [
    { name: 'chromadb-1', sdks: ['chromadb-1'], nodes: ['20', '24'] },
    { name: 'chromadb-2', sdks: ['chromadb-2'], nodes: ['20', '24'] },
    { name: 'chromadb-3', sdks: ['chromadb-3'], nodes: ['20', '24', '26'] },
  ],
  startServer: startChromaProvider,
  spansOfStep: { parallel: 3, got: 30, client: 3, unknown: 2 },
  select: databaseSpans,
  stepOf,
});

/** Collections are looked up in one step, and used in others. */
function stepOf(span: CollectedSpan): string {
  const step = named(span);
  const isLookUp = span.attributes['db.operation.name'] === 'get_collection';
  return isLookUp && step !== 'no-such-collection' ? 'got' : step;
}
