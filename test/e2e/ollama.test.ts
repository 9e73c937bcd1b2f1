import { startOllamaProvider } from '../harness/ollama-provider';
import { describeProvider } from '../harness/provider-suite';
import { modelSpans } from '../harness/span-tree';

/** Requests without a prompt, or with none that could be read. */
const unnamed = ['load', 'no arguments', 'null', 'throwing getter'];

describeProvider({
  fixture: 'ollama',
  versions: [
    { name: 'ollama-0.5', sdks: ['ollama-0.5'], nodes: ['20', '24'] },
    { name: 'ollama-0.6', sdks: ['ollama-0.6'], nodes: ['20', '24', '26'] },
  ],
  startServer: startOllamaProvider,
  spansOfStep: {
    ...Object.fromEntries(unnamed.map((step) => [step, 0])),
    unknown: unnamed.length,
    parallel: 5,
    'calls inside a stream loop, inner': 1,
    list: 0,
  },
  select: modelSpans,
});
