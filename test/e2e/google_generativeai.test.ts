import { startGoogleProvider } from '../harness/google-provider';
import { describeProvider } from '../harness/provider-suite';

describeProvider({
  fixture: 'google_generativeai',
  versions: [
    { name: 'genai-1.2', sdks: ['genai-1.2'], nodes: ['20', '24'] },
    { name: 'genai-1', sdks: ['genai-1'], nodes: ['20', '24'] },
    { name: 'genai-2', sdks: ['genai-2'], nodes: ['20', '24'] },
    { name: 'genai-3', sdks: ['genai-3'], nodes: ['24', '26'] },
  ],
  startServer: startGoogleProvider,
  env: { METADATA_SERVER_DETECTION: 'none' },
  // V8 finds no name for a function that a stand-in hides.
  stackLine: (line) => line.replace(' [as next]', ''),
  spansOfStep: {
    parallel: 4,
    chat: 2,
    // The loop, and two turns of the model; the tools are with those that show no prompt.
    'function calling': 3,
    'function calling, streamed': 3,
    'function calling, failing tool': 2,
    'function calling, a call in the tool': 3,
    'function calling, a call in the tool, inner': 1,
    'calls inside a stream loop, inner': 1,
    live: 2,
    // Four tools, four live sessions, a turn with the result of a tool, a request without contents, one that
    // cannot be read.
    unknown: 11,
    'contents missing': 0,
    'config with a throwing getter': 0,
    // These end before a request is made.
    'bad arguments': 0,
    'count tokens': 0,
    'model details': 0,
  },
});
