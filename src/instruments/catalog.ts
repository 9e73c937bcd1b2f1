/**
 * Every library this product knows: pure data, one row a library. The hooks, RESPAN_INSTRUMENTS,
 * `respan instruments`, `respan doctor` and the README's table are all made from it, and nothing in here is
 * code of a library or of an instrument.
 */
export interface CatalogRow {
  /** The name used in RESPAN_INSTRUMENTS. */
  id: string;
  /** How the library is called in prose and in the log. */
  title: string;
  aliases?: string[];
  category: 'model' | 'vector store' | 'framework' | 'infrastructure';
  /** npm packages and the files in them whose classes or functions are patched. */
  packages?: CatalogPackage[];
  /** diagnostics_channel names of Node builtins; the first message on one of them starts the instrument. */
  channels?: string[];
  /** Started with the first model library as well: its channels speak too late for the first outgoing call. */
  startsWithModels?: boolean;
  /** The built chunk that holds the instrument; loaded with the library, never before. */
  chunk?: string;
}

export interface CatalogPackage {
  name: string;
  /** The range this row was tested with. Other versions are tried all the same, and reported as untested. */
  tested: { from: string; below: string };
  /**
   * Path inside the package, without extension, to the names the instrument wants from that module. ES
   * modules hand them over from their own scope, CommonJS modules from `module.exports`.
   */
  files: Record<string, string[]>;
}

/** One resource file of a Stainless-generated SDK exports one class of the same shape everywhere. */
const openaiFiles: Record<string, string[]> = {
  'resources/chat/completions/completions': ['Completions'],
  'resources/chat/completions': ['Completions'],
  'resources/completions': ['Completions'],
  'resources/responses/responses': ['Responses'],
  'resources/beta/responses/responses': ['Responses'],
  'resources/embeddings': ['Embeddings'],
  'resources/images': ['Images'],
  'resources/moderations': ['Moderations'],
  'resources/audio/speech': ['Speech'],
  'resources/audio/transcriptions': ['Transcriptions'],
  'resources/audio/translations': ['Translations'],
};

const anthropicFiles: Record<string, string[]> = {
  'resources/messages/messages': ['Messages'],
  'resources/messages': ['Messages'],
  'resources/completions': ['Completions'],
  'resources/beta/messages/messages': ['Messages'],
  'resources/beta/messages': ['Messages'],
  'resources/beta/prompt-caching/messages': ['Messages'],
  client: ['BaseAnthropic'],
  'core/streaming': ['Stream'],
};

const pineconeFiles: Record<string, string[]> = {
  'dist/data/index': ['Index'],
  'dist/data/documents/documents': ['Documents'],
  'dist/preview/indexes/previewIndex': ['PreviewIndex'],
  'dist/inference/inference': ['Inference'],
};

const qdrantFiles: Record<string, string[]> = {
  'dist/esm/qdrant-client': ['QdrantClient'],
  'dist/cjs/qdrant-client': ['QdrantClient'],
};

const chromaClasses = ['Collection', 'CollectionImpl', 'CollectionHandle', 'ChromaClient'];
const chromaFiles: Record<string, string[]> = {
  'dist/chromadb': chromaClasses,
  'dist/chromadb.legacy-esm': chromaClasses,
  'dist/cjs/chromadb': chromaClasses,
};

const lancedbFiles: Record<string, string[]> = {
  'dist/connection': ['LocalConnection'],
  'dist/table': ['LocalTable'],
  'dist/query': ['QueryBase', 'StandardQueryBase', 'VectorQuery', 'Query'],
  'dist/merge': ['MergeInsertBuilder'],
};

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

const milvusFiles: Record<string, string[]> = {
  'dist/milvus/grpc/Data': ['Data'],
  'dist/milvus/grpc/Collection': ['Collection'],
  'dist/milvus/MilvusClient': ['MilvusClient'],
};

export const catalog: CatalogRow[] = [
  {
    id: 'openai',
    title: 'OpenAI',
    aliases: ['azure', 'azure_openai'],
    category: 'model',
    packages: [{ name: 'openai', tested: { from: '4.20.0', below: '8.0.0' }, files: openaiFiles }],
    chunk: 'instrument-openai',
  },
  {
    id: 'anthropic',
    title: 'Anthropic',
    aliases: ['claude'],
    category: 'model',
    packages: [
      { name: '@anthropic-ai/sdk', tested: { from: '0.68.0', below: '2.0.0' }, files: anthropicFiles },
    ],
    chunk: 'instrument-anthropic',
  },
  {
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
  },
  {
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
  },
  {
    id: 'chroma',
    title: 'Chroma',
    aliases: ['chromadb'],
    category: 'vector store',
    packages: [{ name: 'chromadb', tested: { from: '1.10.0', below: '4.0.0' }, files: chromaFiles }],
    chunk: 'instrument-chroma',
  },
  {
    id: 'lancedb',
    title: 'LanceDB',
    category: 'vector store',
    packages: [
      { name: '@lancedb/lancedb', tested: { from: '0.22.0', below: '0.40.0' }, files: lancedbFiles },
    ],
    chunk: 'instrument-lancedb',
  },
  {
    id: 'weaviate',
    title: 'Weaviate',
    category: 'vector store',
    packages: [{ name: 'weaviate-client', tested: { from: '3.1.0', below: '4.0.0' }, files: weaviateFiles }],
    chunk: 'instrument-weaviate',
  },
  {
    id: 'milvus',
    title: 'Milvus',
    aliases: ['zilliz'],
    category: 'vector store',
    packages: [
      { name: '@zilliz/milvus2-sdk-node', tested: { from: '2.4.0', below: '4.0.0' }, files: milvusFiles },
    ],
    chunk: 'instrument-milvus',
  },
  {
    id: 'requests',
    title: 'node:http and node:https',
    aliases: ['http', 'https'],
    category: 'infrastructure',
    channels: ['http.server.request.start', 'http.client.request.start'],
    startsWithModels: true,
    chunk: 'instrument-http',
  },
  {
    id: 'urllib3',
    title: 'fetch and undici',
    aliases: ['undici', 'fetch'],
    category: 'infrastructure',
    channels: ['undici:request:create'],
    chunk: 'instrument-undici',
  },
  {
    id: 'opentelemetry',
    title: 'OpenTelemetry API',
    aliases: ['otel'],
    category: 'infrastructure',
    packages: [
      {
        name: '@opentelemetry/api',
        tested: { from: '1.0.0', below: '1.11.0' },
        files: {
          'build/src/index': ['trace', 'context'],
          'build/esm/index': ['trace', 'context'],
          'build/esnext/index': ['trace', 'context'],
          'dist/index': ['trace', 'context'],
        },
      },
    ],
    chunk: 'instrument-opentelemetry-api',
  },
  {
    id: 'threading',
    title: 'context across async code',
    category: 'infrastructure',
  },
];
