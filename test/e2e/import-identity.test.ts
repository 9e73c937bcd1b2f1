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
const withoutSetters = (line: string): string => line.replace(/ generateContent(Stream)?:accessor\.c/g, '');

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
    level: (line) => line.replace(/ send:Function\(send\/3\)\.c/, ''),
  },
  {
    name: 'vector stores, as of old',
    sdks: ['chromadb-1', 'milvus-2.4', 'pinecone-4', 'qdrant-1.12', 'qdrant-grpc-1.12', 'weaviate-3.1'],
    nodes: ['20'],
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
    // Plain functions have others in their place, of the same name and length.
    level: (line) => line.replace(/^(@huggingface\/inference [a-z]\w+: function \w+\/\d) .*/, '$1'),
  },
];

const COMBINATIONS = ROWS.flatMap((row) =>
  (['mjs', 'cjs'] as const).flatMap((format, f) =>
    row.nodes.map((node, n) => ({
      ...row,
      format,
      node,
      preload: (f + n) % 2 === 0 ? ('import' as const) : ('require' as const),
    })),
  ),
);

describe.each(COMBINATIONS)('$name as $format on Node $node, --$preload', (row) => {
  it('is what it is without respan', async ({ expect }) => {
    const app = {
      app: `app.${row.format}`,
      node: row.node,
      cwd: placeApp('import-identity', row.sdks),
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

/** Node's warnings begin with the id of the process. */
const withoutProcess = (stderr: string): string => stderr.replace(/^\(node:\d+\)/gm, '(node)');
