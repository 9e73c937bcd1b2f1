import { databaseSpans, stepNamedBy } from '../harness/database-spans';
import { startPineconeProvider } from '../harness/pinecone-provider';
import { describeProvider } from '../harness/provider-suite';

describeProvider({
  fixture: 'pinecone',
  versions: [
    { name: 'pinecone-4', sdks: ['pinecone-4'], nodes: ['20', '24'] },
    { name: 'pinecone-8', sdks: ['pinecone-8'], nodes: ['20', '24'] },
    { name: 'pinecone-9', sdks: ['pinecone-9'], nodes: ['24', '26'] },
  ],
  startServer: startPineconeProvider,
  spansOfStep: { parallel: 5 },
  select: databaseSpans,
  stepOf: stepNamedBy('db.namespace'),
});
