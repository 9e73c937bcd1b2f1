import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChromaProvider } from '../harness/chroma-provider';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { exportTo, type ProviderServer } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { spanTree, withoutHttp } from '../harness/span-tree';

/**
 * An HTTP app with OpenAI, as a loop of its own and as a graph of LangGraph's that retrieves from Chroma (its real server),
 * and an MCP server whose tool asks Anthropic: two processes, one trace for each request.
 */
const mock = new LLMock({ port: 0 });
let chroma: ProviderServer;
const usage = { prompt_tokens: 31, completion_tokens: 7, input_tokens: 31, output_tokens: 7 };

beforeAll(async () => {
  mock.on({ userMessage: /^research/ }, { content: 'a finding', usage });
  const research = { name: 'research', arguments: '{"question":"all of it"}', id: 'call_1' };
  mock.on({ userMessage: /^question/, hasToolResult: false }, { toolCalls: [research], usage });
  mock.on({ userMessage: /^question/ }, { content: 'an answer', usage });
  mock.onEmbedding(/./, { embedding: [1, 0, 0] });
  await mock.start();
  chroma = await startChromaProvider();
});
afterAll(() => Promise.all([mock.stop(), chroma.close()]));

/** The requests between them, and to the models, aside. */
const TREE = `
POST
  initialize
    initialize
  tools/list
    tools/list
  openai.chat
  tools/call research
    tools/call research
      anthropic.chat
  openai.chat
`;

it.each([
  { node: '20', preload: 'import', questions: 1 },
  { node: '24', preload: 'require', questions: 25 },
] as const)(
  '$questions requests at once on Node $node',
  async ({ questions, ...how }) => {
    const sdks = ['mcp-1', 'anthropic-1', 'openai-6'];
    const spans = await spansOf({ app: 'app.mjs', sdks, questions, ...how });
    const ids = new Set(spans.map(({ spanId }) => spanId));
    for (const { parentSpanId } of spans) if (parentSpanId) expect(ids).toContain(parentSpanId);
    const traces = new Map<string, CollectedSpan[]>();
    for (const span of spans) traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
    expect(traces.size).toBe(questions);
    for (const trace of traces.values()) {
      expect(`\n${spanTree(withoutHttp(trace))}\n`).toBe(TREE);
      expect(trace.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
      expect(new Set(trace.flatMap(questionsIn)).size).toBe(1);
    }
    expect(new Set([...traces.values()].flatMap((trace) => questionsIn(trace.find(isTool)!))).size).toBe(
      questions,
    );
    expectTotals(
      spans,
      mock.getRequests().filter(({ method }) => method === 'POST'),
      questions,
    );
  },
  240_000,
);

interface Run {
  app: string;
  sdks: string[];
  node: '20' | '24';
  preload: 'import' | 'require';
  questions: number;
}

async function spansOf({ app, sdks, questions, ...how }: Run): Promise<CollectedSpan[]> {
  const collector = await startCollector();
  try {
    mock.clearRequests();
    const run = await runApp({
      app,
      ...how,
      cwd: placeApp('two-processes', sdks),
      env: {
        ...exportTo(collector),
        MODELS_URL: mock.url,
        CHROMA_URL: chroma.url,
        QUESTIONS: String(questions),
      },
      timeoutMillis: 120_000,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.trim().split('\n')).toHaveLength(questions);
    return collector.spans();
  } finally {
    await collector.close();
  }
}

/** As many calls, and as many tokens, as the models have answered, each counted once. */
function expectTotals(spans: CollectedSpan[], journal: unknown[], questions: number): void {
  expect(journal).toHaveLength(3 * questions);
  expect(sum(spans, 'gen_ai.usage.input_tokens')).toBe(31 * journal.length);
  expect(sum(spans, 'gen_ai.usage.output_tokens')).toBe(7 * journal.length);
}

const isTool = ({ name }: CollectedSpan): boolean => name === 'tools/call research';

const sum = (spans: CollectedSpan[], name: string): number =>
  spans.reduce((total, { attributes }) => total + Number(attributes[name] ?? 0), 0);

/** What a span is about, by its content. */
function questionsIn({ attributes }: CollectedSpan): string[] {
  return Object.values(attributes).flatMap((value) => String(value).match(/question \d+\./g) ?? []);
}

const GRAPH = `
POST
  researcher.workflow
    retrieve.task
      openai.embeddings
      chroma.query
    model.task
      ChatOpenAI.chat
        openai.chat
      RunnableLambda.task
    tools.task
      research.tool
        tools/call research
          tools/call research
            anthropic.chat
    model.task
      ChatOpenAI.chat
        openai.chat
      RunnableLambda.task
`;

it.each([
  { node: '20', questions: 1 },
  { node: '24', questions: 10 },
] as const)(
  '$questions requests at once to a graph that retrieves, on Node $node',
  async ({ node, questions }) => {
    const sdks = ['langchain-1', 'mcp-1', 'anthropic-1', 'chromadb-3'];
    const spans = await spansOf({ app: 'agent.mjs', sdks, node, preload: 'import', questions });
    const asked = spans.filter(
      ({ parentSpanId, attributes }) => !parentSpanId && attributes['url.path'] === '/ask',
    );
    expect(asked).toHaveLength(questions);
    for (const { traceId } of asked) {
      const trace = spans.filter((span) => span.traceId === traceId);
      expect(`\n${spanTree(withoutHttp(trace))}\n`).toBe(GRAPH);
    }
    // Beside these there are embeddings, of which aimock says no tokens.
    const journal = mock.getRequests().filter(({ path }) => /completions|messages/.test(path));
    expectTotals(spans, journal, questions);
  },
  240_000,
);
