import type { CatalogRow } from './row';

/** Until 0.5.11 the class of `ollama/browser` was in a file whose name changed with each version. */
const ollamaHashes = [
  'be8fd0da',
  '14e58652',
  '06ec3df8',
  'cddbc85b',
  'd8c046e0',
  '7987ad93',
  '7d273fc8',
  '5360ad67',
  '133b951a',
];
const ollamaFiles: Record<string, string[]> = {
  'dist/index': ['Ollama'],
  'dist/browser': ['Ollama', 'Ollama$1'],
  ...Object.fromEntries(ollamaHashes.map((hash) => [`dist/shared/ollama.${hash}`, ['Ollama$1']])),
};

export const ollama: CatalogRow = {
  id: 'ollama',
  title: 'Ollama',
  category: 'model',
  packages: [
    {
      name: 'ollama',
      tested: { from: '0.5.0', below: '0.7.0' },
      files: ollamaFiles,
      fromMain: { Ollama: 'dist/index Ollama' },
      mainClass: 'Ollama#embeddings',
    },
  ],
  chunk: 'kit',
};
