import { groqFiles, groqMain } from './groq';
import type { CatalogRow } from './row';

const togetherFiles: Record<string, string[]> = {
  ...groqFiles,
  'resources/completions': ['Completions'],
  'resources/images': ['Images'],
  'resources/rerank': ['Rerank'],
  'resources/audio': ['Audio'],
  'resources/audio/audio': ['Audio'],
  client: ['Together'],
  index: ['Together'],
};

const togetherMain: Record<string, string> = {
  ...groqMain,
  Completions: 'resources/completions Completions',
  Images: 'resources/images Images',
  Rerank: 'resources/rerank Rerank',
  Audio: 'resources/audio/audio Audio',
  Together: 'client Together',
};

export const together: CatalogRow = {
  id: 'together',
  title: 'Together AI',
  aliases: ['together_ai'],
  category: 'model',
  packages: [
    {
      name: 'together-ai',
      tested: { from: '0.6.0', below: '1.0.0' },
      files: togetherFiles,
      fromMain: togetherMain,
    },
  ],
  chunk: 'kit',
};
