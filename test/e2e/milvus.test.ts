import { databaseSpans, stepNamedBy } from '../harness/database-spans';
import { startMilvusProvider } from '../harness/milvus-provider';
import { describeProvider } from '../harness/provider-suite';

describeProvider({
  fixture: 'milvus',
  versions: [
    { name: 'milvus-2.4', sdks: ['milvus-2.4'], nodes: ['20', '24'] },
    { name: 'milvus-2.6', sdks: ['milvus-2.6'], nodes: ['20', '24'] },
    { name: 'milvus-3', sdks: ['milvus-3'], nodes: ['20', '24', '26'] },
  ],
  startServer: startMilvusProvider,
  spansOfStep: { parallel: 3, 'no arguments': 0, unknown: 1 },
  select: databaseSpans,
  stepOf: stepNamedBy('db.collection.name'),
});
