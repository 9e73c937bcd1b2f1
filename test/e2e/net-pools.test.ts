import { describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';

const CALLS = 8;

describe.concurrent.each([
  ['undici-5', '20', 7],
  ['undici-6', '20', 9],
  ['undici-6', '22', 9],
  ['undici-7', '22', 9],
  ['undici-7', '24', 9],
  ['undici-8', '24', 9],
  ['undici-8', '26', 9],
] as const)('%s on Node %s', (sdk, node, ways) => {
  it('a call through a busy pool is below the one who made it', async () => {
    const collector = await startCollector();
    try {
      const run = await runApp({
        app: 'pools.cjs',
        cwd: placeApp('net', [sdk]),
        node,
        preload: 'require',
        env: exportTo(collector),
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const spans = collector.spans();
      const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
      const calls = modelSpans(spans).map(({ attributes, parentSpanId }) => [
        /"content":"\[(.+?)\]/.exec(String(attributes['gen_ai.input.messages']))?.[1],
        names.get(parentSpanId ?? ''),
      ]);
      expect(calls.filter(([asked, parent]) => asked !== parent)).toEqual([]);
      expect(new Set(calls.map(([asked]) => asked)).size).toBe(ways * CALLS);
    } finally {
      await collector.close();
    }
  });
});
