import { describeProvider } from '../harness/provider-suite';
import {
  embeddings,
  speech,
  stainlessStackLine,
  startStainlessProvider,
  transcription,
} from '../harness/stainless-provider';

const usage = {
  queue_time: 0.1,
  prompt_tokens: 11,
  prompt_time: 0.01,
  completion_tokens: 7,
  completion_time: 0.2,
  total_tokens: 18,
  total_time: 0.21,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

describeProvider({
  fixture: 'groq',
  versions: [
    { name: 'groq-0.9', sdks: ['groq-0.9'], nodes: ['20', '24'] },
    { name: 'groq-1', sdks: ['groq-1'], nodes: ['20', '24'] },
  ],
  startServer: () =>
    startStainlessProvider({
      usage,
      head: { system_fingerprint: 'fp_1', service_tier: 'on_demand', x_groq: { id: 'req_1' } },
      lastChunk: (counted) => ({ x_groq: { id: 'req_1', usage: counted } }),
      reasoning: 'reasoning',
      endpoints: {
        '/embeddings': embeddings({ prompt_tokens: 5, total_tokens: 5 }),
        '/audio/speech': speech,
        '/audio/transcriptions': transcription,
        '/audio/translations': transcription,
      },
    }),
  stackLine: stainlessStackLine,
  spansOfStep: {
    parallel: 5,
    'calls inside a stream loop, inner': 1,
    'bad arguments': 0,
    'null body': 0,
    'body with a throwing getter': 0,
    unknown: 3,
  },
});
