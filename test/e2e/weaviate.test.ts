import { databaseSpans, stepNamedBy } from '../harness/database-spans';
import { describeProvider } from '../harness/provider-suite';
import { startWeaviateProvider } from '../harness/weaviate-provider';

describeProvider({
  fixture: 'weaviate',
  versions: [
    { name: 'weaviate-3.1', sdks: ['weaviate-3.1'], nodes: ['20', '24'] },
    { name: 'weaviate-3.12', sdks: ['weaviate-3.12'], nodes: ['20', '24'] },
    { name: 'weaviate-3.14', sdks: ['weaviate-3.14'], nodes: ['24', '26'] },
  ],
  startServer: startWeaviateProvider,
  spansOfStep: { Parallel: 3 },
  select: databaseSpans,
  stepOf: stepNamedBy('db.collection.name'),
});
