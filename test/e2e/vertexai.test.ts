import { join } from 'node:path';
import { startGoogleProvider } from '../harness/google-provider';
import { fixtures } from '../harness/paths';
import { describeProvider } from '../harness/provider-suite';

describeProvider({
  fixture: 'vertexai',
  versions: [
    { name: 'vertexai-1.4', sdks: ['vertexai-1.4'], nodes: ['20', '24'] },
    { name: 'vertexai-1', sdks: ['vertexai-1'], nodes: ['20', '26'] },
  ],
  // The SDK knows no other scheme than https.
  startServer: () => startGoogleProvider({ tls: true }),
  env: {
    NODE_EXTRA_CA_CERTS: join(fixtures, 'http/cert.pem'),
    METADATA_SERVER_DETECTION: 'none',
  },
  // V8 finds no name for a function that a stand-in hides.
  stackLine: (line) => line.replace(' [as next]', ''),
  spansOfStep: {
    parallel: 4,
    chat: 2,
    'preview chat': 2,
    'calls inside a stream loop, inner': 1,
    'bad arguments': 0,
    unknown: 1,
    'count tokens': 0,
  },
});
