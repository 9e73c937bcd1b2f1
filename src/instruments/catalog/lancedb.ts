import type { CatalogRow } from './row';

const lancedbFiles: Record<string, string[]> = {
  'dist/connection': ['LocalConnection'],
  'dist/table': ['LocalTable'],
  'dist/query': ['QueryBase', 'StandardQueryBase', 'VectorQuery', 'Query'],
  'dist/merge': ['MergeInsertBuilder'],
};

export const lancedb: CatalogRow = {
  id: 'lancedb',
  title: 'LanceDB',
  category: 'vector store',
  packages: [{ name: '@lancedb/lancedb', tested: { from: '0.22.0', below: '0.40.0' }, files: lancedbFiles }],
  chunk: 'instrument-lancedb',
};
