import { defineInstrument } from './kit/define';
import { stainlessPatch } from './kit/stainless-methods';
import { chat } from './shapes/openai/chat';
import { audio, embeddings } from './shapes/openai/other-operations';

/** `groq-sdk` 0.5 to 1. */
export const instrument = defineInstrument({
  id: 'groq',
  patchModule: stainlessPatch(
    { instrument: 'groq' },
    {
      'resources/chat/completions Completions': { create: () => chat },
      'resources/embeddings Embeddings': { create: () => embeddings },
      'resources/audio/speech Speech': { create: () => audio.speech },
      'resources/audio/transcriptions Transcriptions': { create: () => audio.transcription },
      'resources/audio/translations Translations': { create: () => audio.translation },
    },
  ),
});
