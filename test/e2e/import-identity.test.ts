import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'vitest';
import { sdkName } from '../harness/app-folder';
import type { NodeName } from '../harness/nodes';
import { placeApp } from '../harness/place-app';
import { runApp } from '../harness/run-app';

/**
 * What importing a package gives is the same with and without respan: the same names, the same values under them (in
 * both module systems, and wherever else they are exported), the same members of the same kind, and no output.
 */
interface Row {
  name: string;
  /** Aliases in fixtures/sdks; all that their packages export is looked at. */
  sdks: string[];
  /** Packages that come with them. */
  with?: string[];
  nodes: NodeName[];
  /** Differences that are meant, line by line, with their reason beside them. */
  level?(line: string): string;
}

/** Methods that a constructor sets on each instance are met by setters of the prototype. */
const withoutSetters = (line: string): string =>
  line.replace(/ generateContent(Stream)?:get \S+ \S+ set \S+ \S+\.c/g, '');

const AI_SDK = ['@ai-sdk/provider', '@ai-sdk/provider-utils', '@ai-sdk/gateway'];
const OPENAI_AGENTS = ['@openai/agents-core', '@openai/agents-openai', '@openai/agents-realtime'];

const ROWS: Row[] = [
  {
    name: 'llamaindex 0.9',
    sdks: ['llamaindex-0.9'],
    nodes: ['20', '24'],
  },
  {
    name: 'llamaindex 0.12',
    sdks: ['llamaindex-0.12'],
    with: [
      '@llamaindex/core',
      '@llamaindex/openai',
      '@llamaindex/workflow',
      '@llamaindex/workflow-core',
      '@llamaindex/node-parser',
    ],
    nodes: ['20', '24'],
  },
  {
    name: 'LangChain 0.3 and LangGraph 0.2',
    sdks: ['langchain-0.3', 'langgraph-0.2'],
    with: ['@langchain/core', '@langchain/openai', 'langsmith'],
    nodes: ['20'],
  },
  {
    name: 'LangChain 0.3 and LangGraph 0.4',
    sdks: ['langchain-0.3', 'langgraph-0.4'],
    with: ['@langchain/core', '@langchain/openai'],
    nodes: ['24'],
  },
  {
    name: 'LangChain 1',
    sdks: ['langchain-1'],
    with: ['@langchain/core', '@langchain/langgraph', '@langchain/openai', 'langsmith'],
    nodes: ['20', '24'],
  },
  {
    name: 'AI SDK 4',
    sdks: ['ai-4', 'ai-openai-1'],
    with: ['@ai-sdk/provider', '@ai-sdk/provider-utils', '@ai-sdk/react', '@ai-sdk/ui-utils'],
    nodes: ['20', '24'],
  },
  {
    name: 'AI SDK 5',
    sdks: ['ai-5', 'ai-openai-2'],
    with: AI_SDK,
    nodes: ['20', '24'],
  },
  {
    name: 'AI SDK 6',
    sdks: ['ai-6', 'ai-openai-3'],
    with: AI_SDK,
    nodes: ['20', '24'],
  },
  {
    name: 'AI SDK 7',
    sdks: ['ai-7', 'ai-openai-4'],
    with: AI_SDK,
    nodes: ['24', '26'],
  },
  { name: 'Mastra 0.24', sdks: ['mastra-0'], nodes: ['20', '24'] },
  { name: 'Mastra 1', sdks: ['mastra-1'], nodes: ['24', '26'] },
  { name: 'MCP 1.10', sdks: ['mcp-1.10'], nodes: ['20', '24'] },
  { name: 'MCP 1', sdks: ['mcp-1'], nodes: ['20', '24'] },
  {
    name: 'MCP 2',
    sdks: ['mcp-client-2', 'mcp-server-2'],
    with: ['@modelcontextprotocol/core'],
    nodes: ['20', '24'],
  },
  { name: 'OpenAI Agents 0.1', sdks: ['agents-0.1'], with: OPENAI_AGENTS, nodes: ['20', '24'] },
  { name: 'OpenAI Agents 0.20', sdks: ['agents-0.20'], with: OPENAI_AGENTS, nodes: ['24'] },
  { name: 'Claude Agent SDK 0.2', sdks: ['claude-agent-0.2'], nodes: ['20', '24'] },
  { name: 'Claude Agent SDK 0.3', sdks: ['claude-agent-0.3'], nodes: ['20', '24'] },
  {
    name: 'model clients, as of old',
    sdks: [
      'openai-4',
      'anthropic-0.68',
      'genai-1',
      'generative-ai-0.24',
      'groq-0.9',
      'together-0.9',
      'cohere-7.20',
      'mistral-1',
      'ollama-0.5',
      'replicate-0.34',
      'watsonx-1',
      'vertexai-1',
    ],
    nodes: ['20'],
    level: withoutSetters,
  },
  {
    name: 'model clients',
    sdks: [
      'openai-7',
      'anthropic-1',
      'genai-3',
      'groq-1',
      'together-0.52',
      'cohere-8',
      'mistral-2',
      'ollama-0.6',
      'replicate-1',
    ],
    nodes: ['24'],
    level: withoutSetters,
  },
  {
    name: 'AWS',
    sdks: ['bedrock-3', 'bedrock-agent-3', 'sagemaker-3'],
    nodes: ['24'],
    // Inherited from a class that the clients of all services share, and patched on these alone.
    level: (line) => line.replace(/ send:Function\(send\/3 \w+\)\.wc/, ''),
  },
  {
    name: 'vector stores, as of old',
    sdks: [
      'chromadb-1',
      'milvus-2.4',
      'pinecone-4',
      'qdrant-1.12',
      'qdrant-grpc-1.12',
      'weaviate-3.1',
      'lancedb-0.22',
    ],
    nodes: ['20', '24'],
  },
  {
    name: 'vector stores, before the last',
    sdks: [
      'chromadb-2',
      'milvus-2.6',
      'pinecone-8',
      'qdrant-1.18',
      'qdrant-grpc-1.18',
      'weaviate-3.12',
      'lancedb-0.37',
    ],
    nodes: ['24', '20'],
  },
  {
    name: 'vector stores',
    sdks: [
      'chromadb-3',
      'milvus-3',
      'pinecone-9',
      'qdrant-1.19',
      'qdrant-grpc-1.19',
      'weaviate-3.14',
      'lancedb-0.39',
    ],
    nodes: ['24'],
  },
  {
    name: 'Hugging Face',
    sdks: ['hf-inference-4', 'transformers-4'],
    nodes: ['24'],
  },
];

/** Every app loads all of it in both module systems: one begins with this one, one with the other. */
const COMBINATIONS = ROWS.flatMap((row) =>
  (['mjs', 'cjs'] as const).map((format, f) => ({
    ...row,
    format,
    node: row.nodes[f] ?? row.nodes[0]!,
    preload: f === 0 ? ('import' as const) : ('require' as const),
  })),
);

describe.concurrent.each(COMBINATIONS)('$name as $format on Node $node, --$preload', (row) => {
  it('is what it is without respan', async ({ expect }) => {
    const app = {
      app: `app.${row.format}`,
      node: row.node,
      cwd: place(row),
      env: { PACKAGES: [...row.sdks.map(sdkName), ...(row.with ?? [])].join(' ') },
      timeoutMillis: 120_000,
    };
    const bare = await runApp({ ...app, preload: 'none' });
    const traced = await runApp({ ...app, preload: row.preload });
    const linesOf = ({ stdout }: typeof bare) => stdout.split('\n').map(row.level ?? ((line) => line));
    expect(bare).toMatchObject({ code: 0, signal: null });
    expect(linesOf(traced)).toEqual(linesOf(bare));
    expect(withoutProcess(traced.stderr)).toBe(withoutProcess(bare.stderr));
    expect(traced.code).toBe(0);
  }, 300_000);
});

/** What an SDK has brought along for itself alone is looked at as the SDK gets it. */
function place({ sdks, with: others = [] }: Row): string {
  const folder = placeApp('import-identity', sdks);
  for (const name of others) {
    const nested = sdks.map((sdk) => join(folder, '../node_modules', sdkName(sdk), 'node_modules', name));
    const own = nested.find((path) => existsSync(path));
    const link = join(folder, 'node_modules', name);
    if (!own || existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(own, link, 'dir');
  }
  return folder;
}

/** Node's warnings begin with the id of the process. */
const withoutProcess = (stderr: string): string => stderr.replace(/^\(node:\d+\)/gm, '(node)');
