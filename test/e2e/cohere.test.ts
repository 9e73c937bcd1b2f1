import { startCohereProvider } from '../harness/cohere-provider';
import { stepOf } from '../harness/model-span-lines';
import { describeProvider } from '../harness/provider-suite';

const VERSIONS = ['v1', 'v2'];

/** Steps whose input has no words that could name them. */
const WORDLESS: Record<string, string> = { 'cohere.parse': 'parse', 'cohere.transcription': 'transcription' };

describeProvider({
  fixture: 'cohere',
  versions: [
    // Before `withRawResponse`, with it, and the newest.
    { name: 'cohere-7.14', sdks: ['cohere-7.14'], nodes: ['20', '24'] },
    { name: 'cohere-7.20', sdks: ['cohere-7.20'], nodes: ['22'] },
    { name: 'cohere-8', sdks: ['cohere-8'], nodes: ['20', '24'] },
  ],
  startServer: startCohereProvider,
  env: { AWS_EC2_METADATA_DISABLED: 'true' },
  stepOf: (span) => WORDLESS[span.name] ?? stepOf(span),
  spansOfStep: {
    ...Object.fromEntries(
      VERSIONS.flatMap((version) => [
        [`${version} parallel`, 3],
        [`${version} calls inside a stream loop, inner`, 1],
        [`${version} bad arguments`, 0],
        [`${version} null body`, 0],
        [`${version} body with a throwing getter`, 0],
      ]),
    ),
    unknown: 6,
  },
});
