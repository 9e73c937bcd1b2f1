import type { CatalogRow } from './row';

const pineconeFiles: Record<string, string[]> = {
  'dist/data/index': ['Index'],
  'dist/data/documents/documents': ['Documents'],
  'dist/preview/indexes/previewIndex': ['PreviewIndex'],
  'dist/inference/inference': ['Inference'],
};

export const pinecone: CatalogRow = {
  id: 'pinecone',
  title: 'Pinecone',
  category: 'vector store',
  packages: [
    {
      name: '@pinecone-database/pinecone',
      tested: { from: '4.0.0', below: '10.0.0' },
      files: pineconeFiles,
    },
  ],
  chunk: 'instrument-pinecone',
};
