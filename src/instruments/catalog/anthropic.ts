import type { CatalogRow } from './row';

const anthropicFiles: Record<string, string[]> = {
  'resources/messages/messages': ['Messages'],
  'resources/messages': ['Messages'],
  'resources/completions': ['Completions'],
  'resources/beta/messages/messages': ['Messages'],
  'resources/beta/messages': ['Messages'],
  'resources/beta/prompt-caching/messages': ['Messages'],
  client: ['BaseAnthropic'],
  'core/streaming': ['Stream'],
};

const anthropicMain: Record<string, string> = {
  Messages: 'resources/messages Messages',
  Completions: 'resources/completions Completions',
  'Beta.Messages': 'resources/beta/messages Messages',
  BaseAnthropic: 'client BaseAnthropic',
};

export const anthropic: CatalogRow = {
  id: 'anthropic',
  title: 'Anthropic',
  aliases: ['claude'],
  category: 'model',
  packages: [
    {
      name: '@anthropic-ai/sdk',
      tested: { from: '0.68.0', below: '2.0.0' },
      files: anthropicFiles,
      fromMain: anthropicMain,
    },
  ],
  chunk: 'kit',
};
