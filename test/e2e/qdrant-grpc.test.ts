import { databaseSpans, stepNamedBy } from '../harness/database-spans';
import { describeProvider } from '../harness/provider-suite';
import { startQdrantGrpcProvider } from '../harness/qdrant-grpc-provider';

describeProvider({
  fixture: 'qdrant-grpc',
  versions: [
    { name: 'qdrant-grpc-1.12', sdks: ['qdrant-grpc-1.12'], nodes: ['20', '24'] },
    { name: 'qdrant-grpc-1.18', sdks: ['qdrant-grpc-1.18'], nodes: ['20', '24'] },
    { name: 'qdrant-grpc-1.19', sdks: ['qdrant-grpc-1.19'], nodes: ['24', '26'] },
  ],
  startServer: startQdrantGrpcProvider,
  spansOfStep: { parallel: 3, 'no arguments': 0, unknown: 1 },
  select: databaseSpans,
  stepOf: stepNamedBy('db.collection.name'),
  // The methods of an API are functions without names: V8 names them after the property they are found in.
  stackLine: (line) =>
    line.replace(/async Object\.\S+ (?=\(.*promise-client\.js)/, 'async Object.<anonymous> '),
});
