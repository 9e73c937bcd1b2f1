import { startMistralProvider } from '../harness/mistral-provider';
import { describeProvider } from '../harness/provider-suite';
import { modelSpans } from '../harness/span-tree';

/** Requests without a prompt, or with none that could be read. */
const unnamed = ['no arguments', 'null', 'throwing getter'];

describeProvider({
  fixture: 'mistral',
  versions: [
    { name: 'mistral-1.3', sdks: ['mistral-1.3'], nodes: ['20', '24'] },
    { name: 'mistral-1', sdks: ['mistral-1'], nodes: ['20', '24'] },
    { name: 'mistral-2', sdks: ['mistral-2'], nodes: ['20', '24', '26'] },
  ],
  startServer: startMistralProvider,
  spansOfStep: {
    ...Object.fromEntries(unnamed.map((step) => [step, 0])),
    unknown: unnamed.length,
    parallel: 5,
    probe: 1,
    'calls inside a stream loop, inner': 1,
    models: 0,
  },
  select: modelSpans,
});
