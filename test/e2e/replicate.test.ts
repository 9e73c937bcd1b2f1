import { describeProvider } from '../harness/provider-suite';
import { startReplicateProvider } from '../harness/replicate-provider';
import { modelSpans } from '../harness/span-tree';

/** Requests without a prompt, or with none that could be read. */
const unnamed = ['no arguments', 'throwing getter'];

describeProvider({
  fixture: 'replicate',
  versions: [
    { name: 'replicate-0.34', sdks: ['replicate-0.34'], nodes: ['20', '24'] },
    { name: 'replicate-1', sdks: ['replicate-1'], nodes: ['20', '24', '26'] },
  ],
  startServer: startReplicateProvider,
  spansOfStep: {
    ...Object.fromEntries(unnamed.map((step) => [step, 0])),
    unknown: unnamed.length,
    parallel: 5,
    'run with another one in its progress, inner': 1,
    'predictions of others': 0,
    // Nobody asked for a first event: no request was made.
    'stream never read': 0,
  },
  select: modelSpans,
});
