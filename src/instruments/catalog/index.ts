import { alephalpha } from './alephalpha';
import { anthropic } from './anthropic';
import { bedrock } from './bedrock';
import { chroma } from './chroma';
import { claude_agent_sdk } from './claude_agent_sdk';
import { cohere } from './cohere';
import { crew } from './crew';
import { google_generativeai } from './google_generativeai';
import { groq } from './groq';
import { haystack } from './haystack';
import { infrastructure } from './infrastructure';
import { lancedb } from './lancedb';
import { langchain } from './langchain';
import { llama_index } from './llama_index';
import { marqo } from './marqo';
import { mastra } from './mastra';
import { mcp } from './mcp';
import { milvus } from './milvus';
import { mistral } from './mistral';
import { model_http } from './model_http';
import { ollama } from './ollama';
import { openai } from './openai';
import { openai_agents } from './openai_agents';
import { opentelemetry } from './opentelemetry';
import { pinecone } from './pinecone';
import { qdrant } from './qdrant';
import { replicate } from './replicate';
import { requests } from './requests';
import type { CatalogRow } from './row';
import { sagemaker } from './sagemaker';
import { type TellingPaths, tellingPathsOf } from './telling-paths';
import { threading } from './threading';
import { together } from './together';
import { transformers } from './transformers';
import { urllib3 } from './urllib3';
import { vercel_ai } from './vercel_ai';
import { vertexai } from './vertexai';
import { watsonx } from './watsonx';
import { weaviate } from './weaviate';

/**
 * Every library this product knows, one row a library. The hooks, RESPAN_INSTRUMENTS, `respan instruments`,
 * `respan doctor` and the README's table are all made from it.
 */
export const catalog: CatalogRow[] = [
  openai,
  anthropic,
  bedrock,
  sagemaker,
  google_generativeai,
  vertexai,
  groq,
  together,
  cohere,
  transformers,
  watsonx,
  mistral,
  ollama,
  replicate,
  vercel_ai,
  mastra,
  model_http,
  alephalpha,
  marqo,
  haystack,
  crew,
  langchain,
  llama_index,
  pinecone,
  qdrant,
  chroma,
  lancedb,
  weaviate,
  milvus,
  mcp,
  openai_agents,
  claude_agent_sdk,
  requests,
  urllib3,
  ...infrastructure,
  opentelemetry,
  threading,
];

/** Of all that is in the catalog. */
export function tellingPaths(): TellingPaths {
  const packages: Record<string, object> = {};
  for (const { packages: own = [] } of catalog) {
    for (const { name, files } of own) packages[name] = { ...packages[name], ...files };
  }
  return tellingPathsOf(packages);
}
