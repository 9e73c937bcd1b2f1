import type { CatalogRow } from './row';

const cohereFiles: Record<string, string[]> = {
  Client: ['CohereClient'],
  'api/resources/v2/client/Client': ['V2Client', 'V2'],
  'api/resources/audio/resources/transcriptions/client/Client': ['TranscriptionsClient'],
  'aws-utils': ['fetchOverride'],
};

export const cohere: CatalogRow = {
  id: 'cohere',
  title: 'Cohere',
  aliases: ['cohere_ai'],
  category: 'model',
  packages: [
    {
      name: 'cohere-ai',
      tested: { from: '7.7.0', below: '9.0.0' },
      files: cohereFiles,
      fromMain: {
        CohereClient: 'Client CohereClient',
        'CohereClient#v2': 'api/resources/v2/client/Client V2Client',
      },
      mainClass: 'CohereClient#chatStream',
    },
  ],
  chunk: 'kit',
};
