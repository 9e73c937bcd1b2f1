import { startGoogleProvider } from '../harness/google-provider';
import { describeProvider } from '../harness/provider-suite';

describeProvider({
  fixture: 'generative-ai',
  versions: [
    { name: 'generative-ai-0.21', sdks: ['generative-ai-0.21'], nodes: ['20', '24'] },
    { name: 'generative-ai-0.24', sdks: ['generative-ai-0.24'], nodes: ['20', '26'] },
  ],
  startServer: startGoogleProvider,
  // V8 finds no name for a function that a stand-in hides.
  stackLine: (line) => line.replace(' [as next]', ''),
  spansOfStep: {
    parallel: 4,
    chat: 2,
    'calls inside a stream loop, inner': 1,
    'bad arguments': 0,
    unknown: 1,
    'count tokens': 0,
  },
});
