import type { CatalogRow } from './row';

const qdrantFiles: Record<string, string[]> = {
  'dist/esm/qdrant-client': ['QdrantClient'],
  'dist/cjs/qdrant-client': ['QdrantClient'],
};

export const qdrant: CatalogRow = {
  id: 'qdrant',
  title: 'Qdrant',
  category: 'vector store',
  packages: [
    {
      name: '@qdrant/js-client-rest',
      tested: { from: '1.12.0', below: '2.0.0' },
      files: qdrantFiles,
    },
    { name: '@qdrant/js-client-grpc', tested: { from: '1.12.0', below: '2.0.0' }, files: qdrantFiles },
  ],
  chunk: 'instrument-qdrant',
};
