import { describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import type { NodeName } from '../harness/nodes';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';

const others = ['connect-3', 'router-2', 'hapi-21'];
const runs: { node: NodeName; sdks: string[] }[] = [
  { node: '20', sdks: ['express-4', 'fastify-4', 'koa-2', ...others] },
  { node: '24', sdks: ['express-5', 'fastify-5', 'koa-3', ...others] },
];

describe.concurrent.each(runs)('servers on Node $node ($sdks)', ({ node, sdks }) => {
  it('are seen by their app as they are without respan', async () => {
    const collector = await startCollector();
    const run = (preload: 'require' | 'none') =>
      runApp({
        app: 'unseen.cjs',
        cwd: placeApp('infrastructure', sdks),
        node,
        preload,
        timeoutMillis: 60_000,
        env: { ...exportTo(collector) },
      });
    const bare = await run('none');
    const traced = await run('require');
    await collector.close();
    expect(bare).toMatchObject({ code: 0, stderr: '' });
    expect(traced.stdout.split('\n')).toEqual(bare.stdout.split('\n'));
    expect(traced).toEqual(bare);
    const names = new Set(collector.spans().map(({ name }) => name));
    expect([...names]).toEqual(
      expect.arrayContaining([
        'middleware - first',
        'frozen: route - /plugin',
        'ext - onPreResponse',
        'middleware - before',
        'request handler - /api',
        'request handler - /Deep',
      ]),
    );
  });
});
