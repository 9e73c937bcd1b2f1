import type { CatalogRow } from './row';

/** Once as ES modules, once as CommonJS, whose classes are exported only in a roundabout way. */
const weaviateFiles: Record<string, string[]> = Object.fromEntries(
  ['esm', 'cjs'].flatMap((format) =>
    [
      ['collections/query/index', 'QueryManager'],
      ['collections/generate/index', 'GenerateManager'],
      ['collections/aggregate/index', 'AggregateManager'],
      ['connection/grpc', 'ConnectionGRPC'],
    ].map(([path, name]) => [`dist/node/${format}/${path}`, [name!]]),
  ),
);

export const weaviate: CatalogRow = {
  id: 'weaviate',
  title: 'Weaviate',
  category: 'vector store',
  packages: [{ name: 'weaviate-client', tested: { from: '3.1.0', below: '4.0.0' }, files: weaviateFiles }],
  chunk: 'instrument-weaviate',
};
