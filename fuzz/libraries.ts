/** What is fuzzed: a table of calls (libraries/<id>.cjs), and the SDK versions of fixtures/sdks it is run with. */
export interface Library {
  id: string;
  versions: string[][];
  /** Its instrument keeps contexts, and makes no spans. */
  isWithoutSpans?: true;
}

export const LIBRARIES: Library[] = [
  { id: 'openai', versions: [['openai-4.20'], ['openai-4'], ['openai-5'], ['openai-6'], ['openai-7']] },
  {
    id: 'anthropic',
    versions: [['anthropic-0.68'], ['anthropic-0.133'], ['anthropic-0.137'], ['anthropic-1']],
  },
  { id: 'groq', versions: [['groq-0.9'], ['groq-1']] },
  { id: 'together', versions: [['together-0.9'], ['together-0.52']] },
  { id: 'cohere', versions: [['cohere-7.14'], ['cohere-7.20'], ['cohere-8']] },
  { id: 'mistral', versions: [['mistral-1.3'], ['mistral-1'], ['mistral-2']] },
  { id: 'mistral-clouds', versions: [['mistral-azure-2'], ['mistral-gcp-2']] },
  { id: 'ollama', versions: [['ollama-0.5'], ['ollama-0.6']] },
  { id: 'replicate', versions: [['replicate-0.34'], ['replicate-1']] },
  { id: 'google_generativeai', versions: [['genai-1.2'], ['genai-1'], ['genai-2'], ['genai-3']] },
  { id: 'generative-ai', versions: [['generative-ai-0.21'], ['generative-ai-0.24']] },
  { id: 'qdrant', versions: [['qdrant-1.12'], ['qdrant-1.18'], ['qdrant-1.19']] },
  { id: 'pinecone', versions: [['pinecone-4'], ['pinecone-8'], ['pinecone-9']] },
  { id: 'chroma', versions: [['chromadb-1'], ['chromadb-2'], ['chromadb-3']] },
  { id: 'huggingface', versions: [['hf-inference-2'], ['hf-inference-3'], ['hf-inference-4']] },
  { id: 'bedrock', versions: [['bedrock-3.588'], ['bedrock-3']] },
  { id: 'bedrock-agent', versions: [['bedrock-agent-3.588'], ['bedrock-agent-3']] },
  { id: 'watsonx', versions: [['watsonx-1.3'], ['watsonx-1']] },
  {
    id: 'vercel_ai',
    versions: [
      ['ai-4', 'ai-openai-1'],
      ['ai-5', 'ai-openai-2'],
      ['ai-7', 'ai-openai-4'],
      ['ai-6', 'ai-openai-3'],
    ],
  },
  {
    id: 'vercel_ai-agents',
    versions: [
      ['ai-5', 'ai-openai-2'],
      ['ai-7', 'ai-openai-4'],
      ['ai-6', 'ai-openai-3'],
    ],
  },
  { id: 'langchain', versions: [['langchain-0.3'], ['langchain-1']] },
  { id: 'langgraph', versions: [['langgraph-0.2'], ['langgraph-0.4']] },
  { id: 'llama_index', versions: [['llamaindex-0.9'], ['llamaindex-0.12']] },
  { id: 'llama_index-engines', versions: [['llamaindex-0.9'], ['llamaindex-0.12']] },
  {
    id: 'llama_index-providers',
    versions: [
      ['anthropic-0.3', 'google-0.4', 'mistral-0.1', 'ollama-0.1'].map((name) => `llamaindex-${name}`),
    ],
  },
  {
    id: 'mastra',
    versions: [
      ['mastra-1', 'ai-openai-3'],
      ['mastra-0', 'ai-openai-2'],
    ],
  },
  { id: 'claude_agent_sdk', versions: [['claude-agent-0.2'], ['claude-agent-0.3']] },
  { id: 'openai_agents', versions: [['agents-0.1'], ['agents-0.20']] },
  { id: 'mcp', versions: [['mcp-1.10'], ['mcp-1']] },
  { id: 'mcp-2', versions: [['mcp-client-2', 'mcp-server-2']] },
  { id: 'lancedb', versions: [['lancedb-0.22'], ['lancedb-0.37'], ['lancedb-0.39']] },
  { id: 'milvus', versions: [['milvus-2.4'], ['milvus-2.6'], ['milvus-3']] },
  { id: 'qdrant-grpc', versions: [['qdrant-grpc-1.12'], ['qdrant-grpc-1.18'], ['qdrant-grpc-1.19']] },
  { id: 'weaviate', versions: [['weaviate-3.1'], ['weaviate-3.12'], ['weaviate-3.14']] },
  { id: 'sagemaker', versions: [['sagemaker-3.575'], ['sagemaker-3']] },
  { id: 'vertexai', versions: [['vertexai-1.4'], ['vertexai-1']] },
  { id: 'aiplatform', versions: [['aiplatform-3'], ['aiplatform-7']] },
  { id: 'express', versions: [['express-4'], ['express-5']] },
  { id: 'connect', versions: [['connect-3']] },
  { id: 'koa', versions: [['koa-2'], ['koa-3']] },
  { id: 'fastify', versions: [['fastify-3'], ['fastify-4'], ['fastify-5']] },
  { id: 'hapi', versions: [['hapi-21']] },
  { id: 'router', versions: [['router-2']] },
  { id: 'graphql', versions: [['graphql-15'], ['graphql-16']] },
  { id: 'mongodb', versions: [['mongodb-4'], ['mongodb-7']] },
  { id: 'mongoose', versions: [['mongoose-6'], ['mongoose-9']] },
  { id: 'knex', versions: [['knex-3', 'mysql2-3']] },
  { id: 'memcached', versions: [['memcached-2']] },
  { id: 'dataloader', versions: [['dataloader-2']] },
  { id: 'generic-pool', versions: [['generic-pool-3']] },
  { id: 'lru-memoizer', versions: [['lru-memoizer-3']], isWithoutSpans: true },
  { id: 'grpc', versions: [['grpc-js-1']] },
  { id: 'mysql', versions: [['mysql-2']] },
  { id: 'mysql2', versions: [['mysql2-2'], ['mysql2-3']] },
  { id: 'pg', versions: [['pg-8']] },
  { id: 'redis', versions: [['redis-3'], ['redis-4'], ['redis-6']] },
  { id: 'ioredis', versions: [['ioredis-4'], ['ioredis-5'], ['ioredis-6']] },
  { id: 'net', versions: [['undici-5'], ['undici-6'], ['undici-8'], ['undici-7']] },
];

/** What needs a Node of its time, and ES modules whose functions an older Node does not show where they are required. */
const NEEDS_24 = new Set([
  ...[
    'ai-7',
    'claude-agent-0.2',
    'claude-agent-0.3',
    'lancedb-0.39',
    'mastra-1',
    'undici-8',
    'weaviate-3.14',
  ],
]);

/** The Node to run on where another is asked for. */
export const nodeFor = (sdks: string[], asked: string): string =>
  Number(asked) < 24 && sdks.some((sdk) => NEEDS_24.has(sdk)) ? '24' : asked;
