import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calledTree, strays } from '../harness/called-trees';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { startModelServer } from '../harness/model-server';
import type { NodeName } from '../harness/nodes';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { missingServices, type RunningService, startService } from '../harness/services';

interface App {
  /** The name of the snapshot. */
  name: string;
  /** `<app>.mjs` and `<app>.cjs` in fixtures/infrastructure. */
  app: string;
  sdks: string[];
  runs: { node: NodeName; format: 'mjs' | 'cjs' }[];
}

const older = ['pg-8', 'mysql2-2', 'redis-4', 'ioredis-4', 'openai-6'];
const newer = ['pg-8', 'mysql2-3', 'redis-6', 'ioredis-6', 'openai-6'];
const runs = (...names: string[]): App['runs'] =>
  names.map((name) => {
    const [node, format] = name.split(' ');
    return { node: node as NodeName, format: format as 'mjs' | 'cjs' };
  });
const some = runs('20 cjs', '24 mjs');
const all = runs('20 cjs', '20 mjs', '24 cjs', '24 mjs');
const nest = (major: number) =>
  ['core', 'common', 'express'].map((part) => `nest-${part}-${major}`).concat('reflect-metadata', 'rxjs');

const servers: App[] = [
  { name: 'express-4', app: 'express', sdks: ['express-4', ...older], runs: some },
  { name: 'express-5', app: 'express', sdks: ['express-5', ...newer], runs: all },
  { name: 'fastify-3', app: 'fastify', sdks: ['fastify-3', ...older], runs: some },
  { name: 'fastify-4', app: 'fastify', sdks: ['fastify-4', ...newer], runs: some },
  { name: 'fastify-5', app: 'fastify', sdks: ['fastify-5', ...newer], runs: all },
  { name: 'koa-2', app: 'koa', sdks: ['koa-2', ...older], runs: some },
  { name: 'koa-3', app: 'koa', sdks: ['koa-3', ...newer], runs: some },
  { name: 'hapi-21', app: 'hapi', sdks: ['hapi-21', ...newer], runs: some },
  { name: 'nest-11', app: 'nest', sdks: [...nest(11), ...newer], runs: some },
  { name: 'nest-12', app: 'nest', sdks: [...nest(12), ...newer], runs: runs('24 cjs', '26 mjs') },
];

const small = ['connect-3', 'dataloader-2', 'generic-pool-3', 'grpc-js-1', 'knex-3', 'lru-memoizer-3'];
const others = ['memcached-2', 'mysql-2', 'mysql2-3', 'redis-3', 'router-2', 'socket.io-4'];
const parts: App[] = [
  { name: 'parts-graphql-15', app: 'parts', sdks: [...small, ...others, 'graphql-15'], runs: some },
  { name: 'parts-graphql-16', app: 'parts', sdks: [...small, ...others, 'graphql-16'], runs: all },
];

const missing = missingServices();

describe.skipIf(missing.length > 0)(`with real servers (${missing.join(', ') || 'all'})`, () => {
  const running: RunningService[] = [];
  let env: Record<string, string> = {};
  beforeAll(async () => {
    const names = ['postgres', 'mariadb', 'redis', 'memcached'] as const;
    const [pg, mariadb, redis, memcached] = await Promise.all(names.map(startService));
    running.push(pg!, mariadb!, redis!, memcached!);
    env = {
      PG_URL: `postgres://app@127.0.0.1:${pg!.port}/postgres`,
      MYSQL_URL: `mysql://root@127.0.0.1:${mariadb!.port}/mysql`,
      REDIS_URL: `redis://127.0.0.1:${redis!.port}`,
      MEMCACHED_ADDRESS: `127.0.0.1:${memcached!.port}`,
    };
  }, 180_000);
  afterAll(() => Promise.all(running.map((service) => service.stop())));

  async function outcome(
    { app, sdks }: App,
    { node, format }: App['runs'][number],
    preload: 'import' | 'require' | 'none',
    more: Record<string, string> = {},
  ) {
    const [models, collector] = await Promise.all([startModelServer(), startCollector()]);
    const run = await runApp({
      app: `${app}.${format}`,
      cwd: placeApp('infrastructure', sdks),
      node,
      preload,
      timeoutMillis: 120_000,
      env: {
        ...env,
        ...exportTo(collector),
        // One batch: a second one would only add requests.
        OTEL_BSP_SCHEDULE_DELAY: '60000',
        RUN: `${Math.random()}`,
        PROVIDER_URL: models.url,
        ...more,
      },
    });
    await Promise.all([models.close(), collector.close()]);
    return {
      // Node's warnings begin with the id of the process.
      run: { ...run, stderr: run.stderr.replace(/^\(node:\d+\)/gm, '(node)') },
      requests: models.requests,
      spans: collector.spans(),
      sent: collector.requests.map(({ body }) => body.toString('utf8')).join('\n'),
    };
  }

  const cases = [...servers, ...parts].flatMap((app) =>
    app.runs.map((how) => ({ ...app, ...how, app, how })),
  );

  describe.concurrent.each(cases)('$name as $format on Node $node', ({ app, how, format, name }) => {
    it('is one trace a request, and the app as it was', async ({ expect }) => {
      const preload = format === 'mjs' ? 'import' : 'require';
      const bare = await outcome(app, how, 'none');
      const traced = await outcome(app, how, preload);
      expect(bare.run).toMatchObject({ code: 0, stderr: '' });
      expect(bare.run.stdout).toContain('MARK-');
      expect(traced.run).toEqual(bare.run);
      for (const { headers } of traced.requests) expect(headers).not.toHaveProperty('traceparent');
      await expect(`${tree(traced.spans)}\n`).toMatchFileSnapshot(`spans/infrastructure/${name}.txt`);
      expect(strays(traced.spans)).toEqual([]);
    });
  });

  it.concurrent.each([servers[1]!, servers[4]!, parts[1]!])('$name without content', async (app) => {
    const { run, sent, spans } = await outcome(app, { node: '24', format: 'mjs' }, 'import', {
      RESPAN_TRACE_CONTENT: 'false',
    });
    expect(run.code).toBe(0);
    expect(sent).not.toMatch(/MARK-|SELECT \$1|from `/);
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining([app.app === 'parts' ? 'redis-get' : 'openai.chat']),
    );
  });
});

const SHOWN = ['http.route', 'http.response.status_code', 'db.system.name', 'db.query.text', 'rpc.method'];

const tree = (spans: CollectedSpan[]): string =>
  calledTree(spans, SHOWN).replace(/question of 0\.\d+/g, 'question of <run>');
