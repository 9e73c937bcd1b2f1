import { defineInstrument } from '../kit/define';
import { stainlessWrapper } from '../kit/stainless';
import { patch } from '../kit/wrap';
import { chat } from './chat';
import { audio, embeddings, images, moderations, textCompletions } from './other-operations';
import { responses } from './responses';

/**
 * Which method of which class of the `openai` package is which operation, for openai 4 to 7. `parse`, `stream`
 * and `runTools` are helpers of the package around these methods, and AzureOpenAI shares them.
 */
const METHODS: Record<string, Record<string, Parameters<typeof stainlessWrapper>[0]>> = {
  'resources/chat/completions/completions Completions': { create: chat },
  'resources/chat/completions Completions': { create: chat },
  'resources/chat/chat Chat.Completions': { create: chat },
  'resources/audio/audio Audio.Speech': { create: audio.speech },
  'resources/audio/audio Audio.Transcriptions': { create: audio.transcription },
  'resources/audio/audio Audio.Translations': { create: audio.translation },
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
      for (const [place, methods] of Object.entries(METHODS)) {
        const [file, className = ''] = place.split(' ');
        const found = file === path ? classIn(exports, className) : undefined;
        if (!found) continue;
        for (const [method, operation] of Object.entries(methods)) {
          wrap(found.prototype, method, stainlessWrapper(operation));
        }
      }
    });
  },
});

/** `Completions`, or `Chat.Completions` where a class is known by another one's static field. */
function classIn(exports: Record<string, unknown>, name: string): { prototype: object } | undefined {
  const found = name
    .split('.')
    .reduce<unknown>((owner, key) => (owner as Record<string, unknown> | undefined)?.[key], exports);
  return typeof found === 'function' ? (found as unknown as { prototype: object }) : undefined;
}
