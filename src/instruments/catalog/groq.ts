import type { CatalogRow } from './row';

/** Of those that took over OpenAI's API and its generator. */
export const groqFiles: Record<string, string[]> = {
  'resources/chat/completions': ['Completions'],
  'resources/embeddings': ['Embeddings'],
  'resources/audio/speech': ['Speech'],
  'resources/audio/transcriptions': ['Transcriptions'],
  'resources/audio/translations': ['Translations'],
};

export const groqMain: Record<string, string> = {
  'Chat.Completions': 'resources/chat/completions Completions',
  Embeddings: 'resources/embeddings Embeddings',
  'Audio.Speech': 'resources/audio/speech Speech',
  'Audio.Transcriptions': 'resources/audio/transcriptions Transcriptions',
  'Audio.Translations': 'resources/audio/translations Translations',
};

export const groq: CatalogRow = {
  id: 'groq',
  title: 'Groq',
  category: 'model',
  packages: [
    {
      name: 'groq-sdk',
      tested: { from: '0.5.0', below: '2.0.0' },
      files: groqFiles,
      fromMain: groqMain,
    },
  ],
  chunk: 'kit',
};
