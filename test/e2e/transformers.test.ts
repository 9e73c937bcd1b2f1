import { stepOf } from '../harness/model-span-lines';
import { describeProvider } from '../harness/provider-suite';

/**
 * Models that run in the app's own process: the real library and its real runtime, on models of a few nodes that the
 * fixture writes (fixtures/transformers/models.cjs).
 */
describeProvider({
  fixture: 'transformers',
  versions: [
    { name: 'transformers-3', sdks: ['transformers-3'], nodes: ['20', '24'] },
    { name: 'transformers-4', sdks: ['transformers-4'], nodes: ['20', '24'] },
    { name: 'xenova-transformers-2', sdks: ['xenova-transformers-2'], nodes: ['20', '24'] },
  ],
  startServer: async () => ({ url: '', takeRequests: () => [], close: async () => {} }),
  spansOfStep: {
    parallel: 3,
    // The model alone is no pipeline.
    'model alone': 0,
    // Two whose arguments have no text that could be read.
    'not text': 0,
    'throwing option': 0,
    'transformers.text_generation': 2,
  },
  // Images, sounds and ids have no text to name the step in.
  stepOf: (span) => (stepOf(span) === 'unknown' ? span.name : stepOf(span)),
});
