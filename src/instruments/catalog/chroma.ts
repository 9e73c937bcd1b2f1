import type { CatalogRow } from './row';

const chromaClasses = ['Collection', 'CollectionImpl', 'CollectionHandle', 'ChromaClient'];
const chromaFiles: Record<string, string[]> = {
  'dist/chromadb': chromaClasses,
  'dist/chromadb.legacy-esm': chromaClasses,
  'dist/cjs/chromadb': chromaClasses,
};

export const chroma: CatalogRow = {
  id: 'chroma',
  title: 'Chroma',
  aliases: ['chromadb'],
  category: 'vector store',
  packages: [{ name: 'chromadb', tested: { from: '1.10.0', below: '4.0.0' }, files: chromaFiles }],
  chunk: 'instrument-chroma',
};
