import { expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { startRagProvider } from '../harness/rag-provider';
import { runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';

const TREE = `agent.agent
  llama_index.chat
    openai.chat
  weather.tool
    llama_index.chat
      openai.chat
  llama_index.chat
    openai.chat`;

it('no span of 200 agents at once is under the wrong parent', async () => {
  const [provider, collector] = await Promise.all([startRagProvider(), startCollector()]);
  try {
    const run = await runApp({
      app: 'many.mjs',
      cwd: placeApp('llamaindex', ['llamaindex-0.12']),
      env: { PROVIDER_URL: provider.url, ...exportTo(collector) },
      timeoutMillis: 120_000,
    });
    expect(run).toMatchObject({ code: 0, stdout: '200\n', stderr: '' });
    const spans = collector.spans().filter(({ attributes }) => !attributes['http.request.method']);
    const roots = spans.filter(({ parentSpanId }) => !parentSpanId);
    expect(roots.length).toBe(200);
    for (const { traceId, name } of roots) {
      const trace = spans.filter((span) => span.traceId === traceId);
      expect(spanTree(trace).replace(/agent-\d+/, 'agent')).toBe(TREE);
      const [asked] = /\d+/.exec(name) ?? [];
      expect(new Set(trace.flatMap(runsIn))).toEqual(new Set([`run-${asked}.`]));
    }
  } finally {
    await Promise.all([provider.close(), collector.close()]);
  }
}, 240_000);

/** Whose prompts a span has. */
const runsIn = ({ attributes }: CollectedSpan): string[] =>
  String(attributes['gen_ai.input.messages'] ?? '').match(/run-\d+\./g) ?? [];
