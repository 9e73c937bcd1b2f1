import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { fixtures } from '../harness/paths';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';

const app = join(fixtures, 'net', 'load.cjs');

describe.each(['20', '26'] as const)('Node %s', (node) => {
  it('a stream of 100 MB is followed in constant memory, to its last event', async () => {
    const collector = await startCollector();
    try {
      const flags = ['--expose-gc'];
      const run = await runApp({ app: [app, 'stream', '100'], node, flags, env: exportTo(collector) });
      const { megabytes, grown } = JSON.parse(run.stdout) as { megabytes: number; grown: number };
      expect(megabytes).toBeGreaterThanOrEqual(100);
      expect(grown).toBeLessThan(3e6);
      const [call] = modelSpans(collector.spans());
      expect(call?.attributes).toMatchObject({
        'gen_ai.usage.input_tokens': 1,
        'gen_ai.usage.output_tokens': 2,
        'respan.content.shortened': true,
      });
    } finally {
      await collector.close();
    }
  });

  it('2,000 calls at once are each below the request that made them', async () => {
    const collector = await startCollector();
    // All of them end at once.
    const env = { ...exportTo(collector), OTEL_BSP_MAX_QUEUE_SIZE: '20000' };
    try {
      const run = await runApp({ app: [app, 'parallel', '2000'], node, env, timeoutMillis: 200_000 });
      expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
      const spans = collector.spans();
      const byId = new Map(spans.map((span) => [span.spanId, span]));
      const calls = modelSpans(spans);
      expect(calls).toHaveLength(2000);
      for (const { attributes, parentSpanId } of calls) {
        const asked = /"content":"\[(.+?)\]/.exec(String(attributes['gen_ai.input.messages']))?.[1];
        expect(byId.get(parentSpanId ?? '')?.attributes['url.path']).toBe(asked);
        expect(attributes['gen_ai.usage.output_tokens']).toBe(2);
      }
    } finally {
      await collector.close();
    }
  }, 220_000);
});
