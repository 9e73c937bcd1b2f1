import type { CatalogRow } from './row';

export const replicate: CatalogRow = {
  id: 'replicate',
  title: 'Replicate',
  category: 'model',
  packages: [
    {
      name: 'replicate',
      tested: { from: '0.34.0', below: '2.0.0' },
      files: {
        index: ['Replicate'],
        'lib/predictions': ['create', 'get', 'cancel'],
        'lib/deployments': ['predictions'],
      },
      fromMain: { Replicate: 'index Replicate' },
      mainClass: 'Replicate#run',
    },
  ],
  chunk: 'instrument-replicate',
};
