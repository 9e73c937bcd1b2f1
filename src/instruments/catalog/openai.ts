import type { CatalogRow } from './row';

/** One resource file of a Stainless-generated SDK exports one class of the same shape everywhere. */
const openaiFiles: Record<string, string[]> = {
  'resources/chat/completions/completions': ['Completions'],
  'resources/chat/completions': ['Completions'],
  'resources/completions': ['Completions'],
  'resources/responses/responses': ['Responses'],
  'resources/beta/responses/responses': ['Responses'],
  'resources/embeddings': ['Embeddings'],
  'resources/images': ['Images'],
  'resources/moderations': ['Moderations'],
  'resources/audio/speech': ['Speech'],
  'resources/audio/transcriptions': ['Transcriptions'],
  'resources/audio/translations': ['Translations'],
};

const openaiMain: Record<string, string> = {
  'Chat.Completions': 'resources/chat/completions Completions',
  Completions: 'resources/completions Completions',
  Responses: 'resources/responses/responses Responses',
  Embeddings: 'resources/embeddings Embeddings',
  Images: 'resources/images Images',
  Moderations: 'resources/moderations Moderations',
  'Audio.Speech': 'resources/audio/speech Speech',
  'Audio.Transcriptions': 'resources/audio/transcriptions Transcriptions',
  'Audio.Translations': 'resources/audio/translations Translations',
};

export const openai: CatalogRow = {
  id: 'openai',
  title: 'OpenAI',
  aliases: ['azure', 'azure_openai'],
  category: 'model',
  packages: [
    {
      name: 'openai',
      tested: { from: '4.20.0', below: '8.0.0' },
      files: openaiFiles,
      fromMain: openaiMain,
    },
  ],
  chunk: 'kit',
};
