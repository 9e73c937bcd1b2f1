import type { CatalogRow } from './row';

export const marqo: CatalogRow = {
  id: 'marqo',
  title: 'Marqo',
  category: 'vector store',
  httpPaths: /\/indexes\/[^/]+\/(?:search|embed|documents)(?:\/|$)/.source,
  chunk: 'instrument-marqo',
};
