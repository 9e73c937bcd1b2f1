import type { CatalogRow } from './row';

export const threading: CatalogRow = {
  id: 'threading',
  title: 'context across async code',
  category: 'infrastructure',
  packages: [
    {
      name: 'undici',
      tested: { from: '5.0.0', below: '9.0.0' },
      files: {
        'lib/dispatcher-base': ['DispatcherBase'],
        'lib/pool-base': ['PoolBase'],
        'lib/dispatcher/dispatcher-base': ['DispatcherBase'],
        'lib/dispatcher/pool-base': ['PoolBase'],
      },
    },
  ],
  chunk: 'instrument-threading',
};
