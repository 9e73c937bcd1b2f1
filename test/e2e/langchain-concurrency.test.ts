import { expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { startOpenAIProvider } from '../harness/openai-provider';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';

const RUNS = 200;

/** 200 agents at once, which stream and whose tools ask a model: every span is below the one that it belongs to. */
it.each([
  { sdks: ['langchain-1'], format: 'mjs', node: '24' },
  { sdks: ['langchain-0.3', 'langgraph-0.2'], format: 'cjs', node: '20' },
] as const)(
  'no span is under the wrong parent ($sdks as $format on Node $node)',
  async (how) => {
    const [provider, collector] = await Promise.all([startOpenAIProvider(), startCollector()]);
    try {
      const run = await runApp({
        app: [`many.${how.format}`, String(RUNS)],
        node: how.node,
        cwd: placeApp('langchain', [...how.sdks]),
        timeoutMillis: 240_000,
        env: { ...exportTo(collector), PROVIDER_URL: provider.url, OTEL_BSP_MAX_QUEUE_SIZE: '100000' },
      });
      expect(run).toMatchObject({ code: 0, stderr: '', stdout: '[5]\n' });
      const spans = collector.spans();
      const children = childrenOf(spans);
      const roots = spans.filter(({ parentSpanId }) => !parentSpanId);
      expect(roots).toHaveLength(RUNS);
      expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(RUNS);
      const runs = roots.map((root) => {
        const below = everythingBelow(root, children);
        const marks = new Set(below.flatMap(({ attributes }) => marksIn(attributes, 'run')));
        expect(marks.size).toBe(1);
        for (const span of below) if (span.name === 'weather.tool') expectOwnCalls(span, children);
        return [...marks][0];
      });
      expect(new Set(runs).size).toBe(RUNS);
      const shapes = new Set(roots.map((root) => shapeOf(root, children).join('\n')));
      expect([...shapes]).toEqual([SHAPE.join('\n')]);
      // Nothing is anywhere else.
      expect(roots.flatMap((root) => everythingBelow(root, children))).toHaveLength(spans.length);
    } finally {
      await Promise.all([provider.close(), collector.close()]);
    }
  },
  300_000,
);

const model = ['ChatOpenAI.chat', '  openai.chat', '    POST'];
const inside = (lines: string[]): string[] => lines.map((line) => `  ${line}`);
const ask = (route: string): string[] => [
  'agent.task',
  ...inside(['RunnableSequence.task', ...inside([...model, 'prompt.task']), route]),
];
const act = (calls: number): string[] => [
  'tools.task',
  ...inside(Array.from({ length: calls }, () => ['weather.tool', ...inside(model)]).flat()),
];
const SHAPE = [
  'forecaster.agent',
  ...inside([ask('route'), ask('route'), ask('route'), act(1), act(2)].flat()),
];

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
  [...JSON.stringify(attributes).matchAll(new RegExp(`\\[${kind} (\\w+)\\]`, 'g'))].map(([, mark]) => mark!);

/** Of two calls of a tool that run together, each one asks the model on its own behalf. */
function expectOwnCalls(tool: CollectedSpan, children: Children): void {
  const [asked] = children.get(tool.spanId) ?? [];
  expect(marksIn(asked?.attributes ?? {}, 'call')).toEqual([tool.attributes['gen_ai.tool.call.id']]);
}
