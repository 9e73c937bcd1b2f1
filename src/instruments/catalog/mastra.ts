import type { CatalogRow } from './row';

export const mastra: CatalogRow = {
  id: 'mastra',
  title: 'Mastra',
  category: 'framework',
  packages: [
    {
      name: '@mastra/core',
      tested: { from: '0.24.0', below: '2.0.0' },
      // Entry points: the classes are in files whose names differ from version to version.
      files: {
        'dist/index': ['Agent', 'Run', 'DefaultExecutionEngine'],
        'dist/agent/index': ['Agent'],
        'dist/workflows/index': ['Run', 'DefaultExecutionEngine'],
      },
      reExports: true,
    },
  ],
  chunk: 'instrument-mastra',
};
