/** What is fuzzed: a table of calls (libraries/<id>.cjs), and the SDK versions of fixtures/sdks it is run with. */
export interface Library {
  id: string;
  versions: string[][];
}

export const LIBRARIES: Library[] = [
  { id: 'openai', versions: [['openai-4'], ['openai-5'], ['openai-6'], ['openai-7']] },
  { id: 'anthropic', versions: [['anthropic-0.68'], ['anthropic-0.137'], ['anthropic-1']] },
  { id: 'groq', versions: [['groq-0.9'], ['groq-1']] },
  { id: 'together', versions: [['together-0.9'], ['together-0.52']] },
  { id: 'cohere', versions: [['cohere-7.14'], ['cohere-7.20'], ['cohere-8']] },
  { id: 'mistral', versions: [['mistral-1.3'], ['mistral-1'], ['mistral-2']] },
  { id: 'ollama', versions: [['ollama-0.5'], ['ollama-0.6']] },
  { id: 'replicate', versions: [['replicate-0.34'], ['replicate-1']] },
  { id: 'google_generativeai', versions: [['genai-1'], ['genai-2'], ['genai-3']] },
  { id: 'generative-ai', versions: [['generative-ai-0.21'], ['generative-ai-0.24']] },
  { id: 'qdrant', versions: [['qdrant-1.12'], ['qdrant-1.19']] },
  { id: 'pinecone', versions: [['pinecone-4'], ['pinecone-9']] },
  { id: 'chroma', versions: [['chromadb-1'], ['chromadb-3']] },
  { id: 'huggingface', versions: [['hf-inference-2'], ['hf-inference-4']] },
  { id: 'bedrock', versions: [['bedrock-3.588'], ['bedrock-3']] },
  { id: 'watsonx', versions: [['watsonx-1.3'], ['watsonx-1']] },
  {
    id: 'vercel_ai',
    versions: [
      ['ai-4', 'ai-openai-1'],
      ['ai-5', 'ai-openai-2'],
      ['ai-6', 'ai-openai-3'],
    ],
  },
  { id: 'langchain', versions: [['langchain-0.3'], ['langchain-1']] },
  { id: 'openai_agents', versions: [['agents-0.1'], ['agents-0.20']] },
  { id: 'mcp', versions: [['mcp-1.10'], ['mcp-1']] },
  { id: 'net', versions: [['openai-6']] },
];
