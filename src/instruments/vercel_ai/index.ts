import { defineInstrument } from '../kit/define';
import { patch, type Wrapper } from '../kit/wrap';
import { traceModel } from '../shapes/ai_sdk/trace-model';
import { tracedAgent, tracedFunction } from './calls';
import { promised, streamed } from './operations';

/** What the SDK makes of a model the app names, or gives in `prepareStep`: the first that sees its object. */
const RESOLVERS = [
  'resolveLanguageModel',
  'resolveEmbeddingModel',
  'resolveImageModel',
  'resolveRerankingModel',
  'resolveSpeechModel',
  'resolveTranscriptionModel',
  'resolveVideoModel',
];

const AGENTS = ['Agent', 'ToolLoopAgent'];

export const instrument = defineInstrument({
  id: 'vercel_ai',
  patchModule({ exports }) {
    patch((wrap, undoable) => {
      const { generateImage } = exports;
      for (const [name, operation] of Object.entries({ ...promised, ...streamed })) {
        wrap(exports, name, tracedFunction(name, operation));
      }
      // In 6 the older name is a variable that holds the same function, elsewhere it is this very name.
      if (generateImage !== undefined && exports.experimental_generateImage === generateImage) {
        exports.experimental_generateImage = exports.generateImage;
        undoable(() => {
          exports.experimental_generateImage = generateImage;
        });
      }
      for (const name of RESOLVERS) wrap(exports, name, resolver);
      for (const name of AGENTS) {
        const agent = exports[name];
        if (typeof agent !== 'function') continue;
        for (const method of ['generate', 'stream'])
          wrap(agent.prototype as object, method, tracedAgent(name));
      }
    });
  },
});

const resolver: Wrapper = (original) =>
  ({
    traced(this: unknown, ...args: unknown[]) {
      const resolved = original.apply(this, args);
      // What it makes of an object is that object, or a proxy around it.
      traceModel(typeof args[0] === 'string' ? resolved : args[0]);
      return resolved;
    },
  }).traced;
