import { expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import type { NodeName } from '../harness/nodes';
import { startOpenAIProvider } from '../harness/openai-provider';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';

const RUNS = 200;

interface Row {
  framework: string;
  sdks: string[];
  format: 'mjs' | 'cjs';
  node: NodeName;
  env?: Record<string, string>;
  /** What each run of an agent leaves, siblings in the order of the alphabet. */
  shape: string[];
  /** What the app says of its answers. */
  stdout: string;
  /** Spans of no run: a connection that all of them share. */
  besides?: RegExp;
}

const inside = (lines: string[]): string[] => lines.map((line) => `  ${line}`);
const span = (name: string, ...children: string[][]): string[] => [name, ...inside(children.flat())];
const times = (count: number, lines: string[]): string[] => Array.from({ length: count }, () => lines).flat();

const request = ['openai.chat', '  POST'];

const langChainModel = span('ChatOpenAI.chat', request);
const ask = (route: string): string[] =>
  span('agent.task', span('RunnableSequence.task', langChainModel, ['prompt.task']), [route]);
const act = (calls: number): string[] =>
  span('tools.task', times(calls, span('weather.tool', langChainModel)));
const langGraph = span('forecaster.agent', ask('route'), ask('route'), ask('route'), act(1), act(2));

/** A loop of three answers, whose tools are called twice together and once alone. */
const loop = (agent: string, model: string[], tool: string[]): string[] =>
  span(agent, times(3, model), times(3, span('weather.tool', tool)));
const aiSdk = loop('ai.streamText', request, span('ai.streamText', request));
const agentsModel = span('openai_agents.chat', request);

const ANSWER = '["MARK-ANSWER"]\n';

type How = Pick<Row, 'sdks' | 'format' | 'node' | 'env'>;

const rows = (framework: string, run: Pick<Row, 'shape' | 'stdout' | 'besides'>, ...hows: How[]): Row[] =>
  hows.map((how) => ({ framework, ...run, ...how }));

const ROWS: Row[] = [
  rows(
    'langchain',
    { shape: langGraph, stdout: '[5]\n' },
    { sdks: ['langchain-1'], format: 'mjs', node: '24' },
    { sdks: ['langchain-0.3', 'langgraph-0.2'], format: 'cjs', node: '20' },
  ),
  rows(
    'llamaindex',
    {
      shape: loop('forecaster.agent', span('llama_index.chat', request), span('llama_index.chat', request)),
      stdout: ANSWER,
    },
    { sdks: ['llamaindex-0.12'], format: 'mjs', node: '20' },
  ),
  rows(
    'ai',
    { shape: aiSdk, stdout: '["MARK-ANSWER 3"]\n' },
    { sdks: ['ai-4', 'ai-openai-1'], format: 'cjs', node: '20' },
    { sdks: ['ai-7', 'ai-openai-4'], format: 'mjs', node: '24' },
  ),
  rows(
    'mastra',
    { shape: loop('forecaster.agent', request, span('expert.agent', request)), stdout: ANSWER },
    { sdks: ['mastra-1', 'ai-openai-3'], format: 'mjs', node: '24' },
  ),
  rows(
    'openai-agents',
    {
      shape: span(
        'Agent workflow.workflow',
        loop('Forecaster.agent', agentsModel, span('Expert.agent', agentsModel)),
        span('Triage.agent', ['handoff'], agentsModel),
      ),
      stdout: '["Forecaster MARK-ANSWER"]\n',
    },
    { sdks: ['agents-0.20'], format: 'cjs', node: '24' },
  ),
  rows(
    'claude-agent',
    {
      shape: span(
        'claude.agent',
        ['Read.tool'],
        times(3, ['claude_agent_sdk.chat']),
        times(3, span('mcp__sky__weather.tool', ['GET'])),
      ),
      stdout: ANSWER,
    },
    { sdks: ['claude-agent-0.3'], format: 'mjs', node: '20' },
  ),
  rows(
    'mcp',
    {
      shape: span('tools/call weather', span('tools/call weather', request)),
      stdout: '[true]\n',
      besides: /^initialize$/,
    },
    { sdks: ['mcp-1', 'openai-7'], format: 'mjs', node: '20' },
    { sdks: ['mcp-client-2', 'mcp-server-2', 'openai-7'], format: 'cjs', node: '24', env: { MCP_2: '1' } },
  ),
].flat();

/** 200 agents at once, which stream and whose tools ask a model: every span is below the one that it belongs to. */
it.each(ROWS)(
  'no span is under the wrong parent ($framework: $sdks as $format on Node $node)',
  async ({ framework, sdks, format, node, env, shape, stdout, besides }) => {
    const [provider, collector] = await Promise.all([startOpenAIProvider(), startCollector()]);
    try {
      const run = await runApp({
        app: [`app.${format}`, framework, String(RUNS)],
        node,
        cwd: placeApp('concurrency', sdks),
        timeoutMillis: 240_000,
        env: {
          ...exportTo(collector),
          ...env,
          PROVIDER_URL: provider.url,
          OTEL_BSP_MAX_QUEUE_SIZE: '100000',
          // A batch that is answered too late is sent again.
          OTEL_EXPORTER_OTLP_TIMEOUT: '120000',
        },
      });
      expect(run).toMatchObject({ code: 0, stderr: '', stdout });
      const spans = collector.spans();
      const children = childrenOf(spans);
      const roots = spans.filter(({ parentSpanId, name }) => !parentSpanId && !besides?.test(name));
      expect(roots).toHaveLength(RUNS);
      expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(RUNS);
      const shapes = new Set(roots.map((root) => shapeOf(root, children).join('\n')));
      expect([...shapes]).toEqual([shape.join('\n')]);
      const runs = roots.map((root) => {
        const below = everythingBelow(root, children);
        const marks = new Set(below.flatMap(({ attributes }) => marksIn(attributes, 'run')));
        expect(marks.size).toBe(1);
        for (const span of below) if (span.name === 'weather.tool') expectOwnCalls(span, children);
        return [...marks][0];
      });
      expect(new Set(runs).size).toBe(RUNS);
      // Nothing is anywhere else.
      const others = spans.filter(({ name, parentSpanId }) => !parentSpanId && besides?.test(name));
      const found = [...roots, ...others].flatMap((root) => everythingBelow(root, children));
      expect(found).toHaveLength(spans.length);
    } finally {
      await Promise.all([provider.close(), collector.close()]);
    }
  },
  300_000,
);

type Children = Map<string, CollectedSpan[]>;

function childrenOf(spans: CollectedSpan[]): Children {
  const children: Children = new Map();
  for (const span of spans) {
    if (!span.parentSpanId) continue;
    const siblings = children.get(span.parentSpanId);
    if (siblings) siblings.push(span);
    else children.set(span.parentSpanId, [span]);
  }
  return children;
}

function everythingBelow(span: CollectedSpan, children: Children): CollectedSpan[] {
  const below = children.get(span.spanId) ?? [];
  return [span, ...below.flatMap((child) => everythingBelow(child, children))];
}

/** Names as a tree, siblings in the order of the alphabet; what decides where a graph goes on has many names. */
function shapeOf(span: CollectedSpan, children: Children): string[] {
  const name = /^(RunnableLambda|Branch<.*>)\.task$/.test(span.name) ? 'route' : span.name;
  const below = (children.get(span.spanId) ?? []).map((child) => shapeOf(child, children).join('\n')).sort();
  return [name, ...below.flatMap((text) => inside(text.split('\n')))];
}

const marksIn = (attributes: CollectedSpan['attributes'], kind: string): string[] =>
  [
    ...JSON.stringify(attributes).matchAll(new RegExp(`(?:\\[|%5B)${kind}(?: |%20)(\\w+)(?:\\]|%5D)`, 'g')),
  ].map(([, mark]) => mark!);

/** Of two calls of a tool that run together, each one asks the model on its own behalf. */
function expectOwnCalls(tool: CollectedSpan, children: Children): void {
  const id = tool.attributes['gen_ai.tool.call.id'];
  const asked = (children.get(tool.spanId) ?? []).flatMap((span) => everythingBelow(span, children));
  const calls = new Set(asked.flatMap(({ attributes }) => marksIn(attributes, 'call')));
  // LlamaIndex does not tell a tool which call it runs for, the agents of OpenAI do not tell their spans.
  expect(calls.size).toBeLessThan(2);
  if (id && calls.size > 0) expect([...calls]).toEqual([id]);
}
