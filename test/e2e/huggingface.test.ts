import { startHuggingFaceProvider } from '../harness/huggingface-provider';
import { stepOf } from '../harness/model-span-lines';
import { describeProvider } from '../harness/provider-suite';

/** `@huggingface/inference`: models that others host. */
describeProvider({
  fixture: 'huggingface',
  versions: [
    { name: 'hf-inference-2', sdks: ['hf-inference-2'], nodes: ['20', '24'] },
    { name: 'hf-inference-3', sdks: ['hf-inference-3'], nodes: ['20', '24'] },
    { name: 'hf-inference-4', sdks: ['hf-inference-4'], nodes: ['20', '24'] },
  ],
  startServer: startHuggingFaceProvider,
  spansOfStep: {
    parallel: 3,
    // Nobody asked for a chunk, so nothing was sent.
    'stream, never asked': 0,
    'stream, returned unasked': 0,
    'a call inside a stream, inner': 2,
    'without arguments': 0,
    'throwing getter': 0,
    'huggingface.chat': 2,
  },
  stepOf: (span) => (stepOf(span) === 'unknown' ? span.name : stepOf(span)),
});
