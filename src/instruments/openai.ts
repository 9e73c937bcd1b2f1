import type { WireOperation } from './genai/types';
import { defineInstrument } from './kit/define';
import { stainlessWrapper } from './kit/stainless';
import { patch } from './kit/wrap';
import { chat } from './shapes/openai/chat';
import { audio, embeddings, images, moderations, textCompletions } from './shapes/openai/other-operations';
import { responses } from './shapes/openai/responses';

/**
 * Which method of which class of the `openai` package is which operation, for openai 4 to 7. `parse`, `stream`
 * and `runTools` are helpers of the package around these methods, and AzureOpenAI shares them.
 */
const METHODS: Record<string, Record<string, WireOperation>> = {
  'resources/chat/completions/completions Completions': { create: chat },
  'resources/chat/completions Completions': { create: chat },
  'resources/completions Completions': { create: textCompletions },
  'resources/responses/responses Responses': { create: responses },
  'resources/beta/responses/responses Responses': { create: responses },
  'resources/embeddings Embeddings': { create: embeddings },
  'resources/images Images': { generate: images, edit: images, createVariation: images },
  'resources/moderations Moderations': { create: moderations },
  'resources/audio/speech Speech': { create: audio.speech },
  'resources/audio/transcriptions Transcriptions': { create: audio.transcription },
  'resources/audio/translations Translations': { create: audio.translation },
};

export const instrument = defineInstrument({
  id: 'openai',
  patchModule({ path, exports }) {
    patch((wrap) => {
      for (const [className, exported] of Object.entries(exports)) {
        const methods = METHODS[`${path} ${className}`];
        if (!methods || typeof exported !== 'function') continue;
        for (const [method, operation] of Object.entries(methods)) {
          wrap(exported.prototype as object, method, stainlessWrapper({ instrument: 'openai' }, operation));
        }
      }
    });
  },
});
