import { defineInstrument } from './kit/define';
import { stainlessPatch } from './kit/stainless-methods';
import { chat } from './shapes/openai/chat';
import { audio, embeddings, images, moderations, textCompletions } from './shapes/openai/other-operations';
import { responses } from './shapes/openai/responses';

/**
 * `openai` 4 to 7. `parse`, `stream` and `runTools` are helpers of the package around these methods, and AzureOpenAI
 * shares them.
 */
export const instrument = defineInstrument({
  id: 'openai',
  patchModule: stainlessPatch(
    { instrument: 'openai' },
    {
      'resources/chat/completions/completions Completions': { create: () => chat },
      'resources/chat/completions Completions': { create: () => chat },
      'resources/completions Completions': { create: () => textCompletions },
      'resources/responses/responses Responses': { create: () => responses },
      'resources/beta/responses/responses Responses': { create: () => responses },
      'resources/embeddings Embeddings': { create: () => embeddings },
      'resources/images Images': {
        generate: () => images,
        edit: () => images,
        createVariation: () => images,
      },
      'resources/moderations Moderations': { create: () => moderations },
      'resources/audio/speech Speech': { create: () => audio.speech },
      'resources/audio/transcriptions Transcriptions': { create: () => audio.transcription },
      'resources/audio/translations Translations': { create: () => audio.translation },
    },
  ),
});
