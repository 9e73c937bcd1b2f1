import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { fakeOpenai } from '../harness/fake-openai';
import type { NodeName } from '../harness/nodes';
import { nodeBinary } from '../harness/nodes';
import { fixtures, register } from '../harness/paths';
import { run } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';
import { tempApp } from '../harness/temp-app';

type Pools = 'oldest' | 'newest';
const POOLS: Record<Pools, Record<string, string>> = {
  oldest: {
    ...{ piscina: 'piscina-3', tinypool: 'tinypool-0' },
    ...{ workerpool: 'workerpool-6', 'jest-worker': 'jest-worker-27' },
  },
  newest: {
    ...{ piscina: 'piscina-5', tinypool: 'tinypool-2' },
    ...{ workerpool: 'workerpool-10', 'jest-worker': 'jest-worker-30' },
  },
};

interface Way {
  node: NodeName;
  module: 'mjs' | 'cjs';
  /** How respan, or what stands for it, is loaded: in NODE_OPTIONS it reaches all processes. */
  by: 'NODE_OPTIONS' | '--import' | '--require';
  pools?: Pools;
  env?: Record<string, string>;
}

const nothing = '0;';
/** Two dozen processes each, on a machine that may be busy. */
const PATIENT = 240_000;

function appFor({ module: _, pools = 'newest' }: Way): string {
  const folder = join(fixtures, 'threads');
  const files = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
  return tempApp({ ...Object.fromEntries(files), ...fakeOpenai(), 'nothing.cjs': nothing }, POOLS[pools]);
}

/** What the app and everybody in it has seen, and what the backend got. */
async function runWith(cwd: string, preload: string, { node, module, by, env }: Way) {
  const collector = await startCollector();
  const result = await run(
    nodeBinary(node),
    [...(by === 'NODE_OPTIONS' ? [] : [by, preload]), `app.${module}`],
    {
      cwd,
      timeoutMillis: 200_000,
      env: {
        RESPAN_API_KEY: 'key',
        RESPAN_BASE_URL: collector.url,
        ...(by === 'NODE_OPTIONS' && { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` }),
        ...env,
      },
    },
  );
  await collector.close();
  const seen = { ...result, stdout: result.stdout.replaceAll(preload, '<preload>') };
  return { seen, spans: collector.spans() };
}

async function bothWith(way: Way): Promise<CollectedSpan[]> {
  const cwd = appFor(way);
  const [bare, traced] = await Promise.all([
    runWith(cwd, join(cwd, 'nothing.cjs'), way),
    runWith(cwd, register, way),
  ]);
  expect(bare.seen).toMatchObject({ code: 0, stderr: '' });
  expect(traced.seen).toEqual(bare.seen);
  return traced.spans;
}

const treeOf = (spans: CollectedSpan[]) => spanTree(spans, ['gen_ai.prompt.0.content']);

describe('work that is given to others is of the trace of whoever gave it', () => {
  it.each<Way>([
    { node: '20', module: 'mjs', by: 'NODE_OPTIONS', pools: 'oldest' },
    { node: '20', module: 'cjs', by: 'NODE_OPTIONS' },
    { node: '24', module: 'mjs', by: 'NODE_OPTIONS' },
    { node: '24', module: 'cjs', by: 'NODE_OPTIONS', pools: 'oldest' },
  ])(
    '$module on Node $node, $pools pools, by $by',
    async (way) => {
      await expect(treeOf(await bothWith(way))).toMatchFileSnapshot('spans/threads.txt');
    },
    PATIENT,
  );

  it.each<Way>([
    { node: '22', module: 'mjs', by: '--import' },
    { node: '26', module: 'cjs', by: '--require' },
  ])(
    '$module on Node $node, by $by, which processes do not get from all who start them',
    async (way) => {
      await expect(treeOf(await bothWith(way))).toMatchFileSnapshot('spans/threads-by-flag.txt');
    },
    PATIENT,
  );

  it(
    'each on its own where threading is blocked',
    async () => {
      const env = { RESPAN_BLOCK_INSTRUMENTS: 'threading' };
      const spans = await bothWith({ node: '24', module: 'cjs', by: 'NODE_OPTIONS', env });
      const ofOthers = spans.filter(({ attributes }) =>
        /worker|fork|spawn|exec/.test(String(attributes['gen_ai.prompt.0.content'])),
      );
      expect(ofOthers.length).toBeGreaterThan(5);
      for (const { parentSpanId } of ofOthers) expect(parentSpanId).toBeUndefined();
    },
    PATIENT,
  );
});
