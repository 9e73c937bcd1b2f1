import { describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { runApp } from '../harness/run-app';

/** Calls that end every possible way, also by being forgotten: nothing of them stays in memory. */
const WAYS = ['awaited', 'dropped', 'unread', 'broken', 'failed'];

describe.each([
  { sdk: 'openai-4', node: '20' },
  { sdk: 'openai-7', node: '26' },
] as const)('$sdk on Node $node', ({ sdk, node }) => {
  it.each(WAYS)('30,000 calls, %s: the heap stays flat', async (how) => {
    const run = await runApp({
      app: ['many.cjs', '30000', how],
      flags: ['--expose-gc'],
      cwd: placeApp('openai', [sdk]),
      node,
      preload: 'require',
      env: { RESPAN_EXPORTER: 'none' },
    });
    const { grownPerCall } = JSON.parse(run.stdout) as { grownPerCall: number };
    // A span that stays weighs more than 500 bytes.
    expect(grownPerCall).toBeLessThan(100);
  });

  it.each(WAYS)('a call that is %s leaves one span', async (how) => {
    const collector = await startCollector();
    try {
      await runApp({
        app: ['many.cjs', '80', how],
        flags: ['--expose-gc'],
        cwd: placeApp('openai', [sdk]),
        node,
        preload: 'require',
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      });
      const spans = collector.spans().filter(({ name }) => name === 'openai.chat');
      expect(spans).toHaveLength(96);
      const seen = new Set(spans.map(({ attributes }) => attributes['gen_ai.response.model']));
      expect([...seen]).toEqual([how === 'awaited' || how === 'broken' ? 'canned' : undefined]);
      expect(spans.every(({ status }) => status.code === (how === 'failed' ? 2 : 0))).toBe(true);
    } finally {
      await collector.close();
    }
  });
});
