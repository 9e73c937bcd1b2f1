import { databaseSpans, stepNamedBy } from '../harness/database-spans';
import { describeProvider } from '../harness/provider-suite';
import { startQdrantProvider } from '../harness/qdrant-provider';

describeProvider({
  fixture: 'qdrant',
  versions: [
    { name: 'qdrant-1.12', sdks: ['qdrant-1.12'], nodes: ['20', '24'] },
    { name: 'qdrant-1.18', sdks: ['qdrant-1.18'], nodes: ['20', '24'] },
    { name: 'qdrant-1.19', sdks: ['qdrant-1.19'], nodes: ['24', '26'] },
  ],
  startServer: startQdrantProvider,
  // Those have no collection.
  spansOfStep: { parallel: 5, collections: 0, 'throwing getter': 0, unknown: 2 },
  select: databaseSpans,
  stepOf: stepNamedBy('db.collection.name'),
});
