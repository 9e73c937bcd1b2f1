import { asDict, asString } from './genai/read';
import type { WireOperation } from './genai/types';
import { defineInstrument } from './kit/define';
import { stainlessPatch } from './kit/stainless-methods';
import { rerank } from './shapes/cohere/rerank';
import { chat } from './shapes/openai/chat';
import { audio, embeddings, images, textCompletions } from './shapes/openai/other-operations';
import { chatUsage } from './shapes/openai/usage';

/** Cohere's bodies, with usage in the way of OpenAI. */
const ranking = (): WireOperation => ({
  ...rerank,
  response: (answer) => {
    const body = asDict(answer);
    return { ...rerank.response(answer), model: asString(body?.model), usage: chatUsage(body?.usage) };
  },
});

/** `together-ai` 0.6 to 0.52. `stream` and `runTools` are helpers of the package around `create`. */
export const instrument = defineInstrument({
  id: 'together',
  patchModule: stainlessPatch(
    { instrument: 'together', provider: 'together_ai' },
    {
      'resources/chat/completions Completions': { create: () => chat },
      'resources/completions Completions': { create: () => textCompletions },
      'resources/embeddings Embeddings': { create: () => embeddings },
      // `create` before 0.33.
      'resources/images Images': { create: () => images, generate: () => images },
      'resources/rerank Rerank': { create: ranking },
      // Methods of the client itself before 0.33, whose file was `index` before 0.16.
      'client Together': { rerank: ranking },
      'index Together': { rerank: ranking },
      'resources/audio/speech Speech': { create: () => audio.speech },
      'resources/audio/audio Audio': { create: () => audio.speech },
      'resources/audio Audio': { create: () => audio.speech },
      'resources/audio/transcriptions Transcriptions': { create: () => audio.transcription },
      'resources/audio/translations Translations': { create: () => audio.translation },
    },
  ),
});
