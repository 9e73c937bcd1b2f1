import type { CatalogRow } from './row';

const milvusFiles: Record<string, string[]> = {
  'dist/milvus/grpc/Data': ['Data'],
  'dist/milvus/grpc/Collection': ['Collection'],
  'dist/milvus/MilvusClient': ['MilvusClient'],
};

export const milvus: CatalogRow = {
  id: 'milvus',
  title: 'Milvus',
  aliases: ['zilliz'],
  category: 'vector store',
  packages: [
    { name: '@zilliz/milvus2-sdk-node', tested: { from: '2.4.0', below: '4.0.0' }, files: milvusFiles },
  ],
  chunk: 'instrument-milvus',
};
