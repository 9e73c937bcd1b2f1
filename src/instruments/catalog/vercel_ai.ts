import type { CatalogRow } from './row';

/** Functions and classes of the one module the package is bundled into. */
const names = [
  'generateText',
  'streamText',
  'generateObject',
  'streamObject',
  'embed',
  'embedMany',
  'rerank',
  'generateImage',
  'experimental_generateImage',
  'experimental_generateVideo',
  'generateSpeech',
  'transcribe',
  'extract',
  'Agent',
  'ToolLoopAgent',
  // Of its own, from 5 on.
  'resolveLanguageModel',
  'resolveEmbeddingModel',
  'resolveImageModel',
  'resolveRerankingModel',
  'resolveSpeechModel',
  'resolveTranscriptionModel',
  'resolveVideoModel',
];

export const vercel_ai: CatalogRow = {
  id: 'vercel_ai',
  title: 'Vercel AI SDK',
  aliases: ['ai', 'ai_sdk', 'vercel'],
  category: 'framework',
  packages: [
    {
      name: 'ai',
      tested: { from: '4.0.0', below: '8.0.0' },
      files: { 'dist/index': names },
      replacesFunctions: true,
    },
  ],
  chunk: 'instrument-vercel_ai',
};
