import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundling, bundle, placeBundlersApp } from '../harness/bundle';
import { startCollector } from '../harness/collector';
import { startNetProvider } from '../harness/net-provider';
import { type NodeName, nodeBinary } from '../harness/nodes';
import { cli, root } from '../harness/paths';
import { exportTo } from '../harness/provider-suite';
import { startQdrantProvider } from '../harness/qdrant-provider';
import { type AppRun, run, runApp } from '../harness/run-app';
import { traceLines } from '../harness/trace-lines';

/** The oldest that the plugins are for, and the newest. Every other one minifies. */
const ALL_BUNDLERS: Bundling[] = [
  { bundler: 'esbuild', version: 'esbuild-0.17' },
  { bundler: 'esbuild', minify: true },
  { bundler: 'rollup', version: 'rollup-3' },
  { bundler: 'rollup', version: 'rollup-4', minify: true },
  { bundler: 'rolldown', minify: true },
  { bundler: 'vite', version: 'vite-5', minify: true },
  { bundler: 'vite' },
  { bundler: 'webpack', version: 'webpack-5.76' },
  { bundler: 'webpack', version: 'webpack-5', minify: true },
  { bundler: 'rspack', version: 'rspack-1' },
  { bundler: 'rspack', version: 'rspack-2', minify: true },
];

/** What is inside of the others, or much like them, is left out unless it is asked for: builds take their time. */
const BUNDLERS = ALL_BUNDLERS.filter(
  ({ version = '' }) => process.env.ALL_BUNDLERS || !['vite-5', 'rspack-1'].includes(version),
);

type Start = 'import' | 'require' | 'run';
const STARTS: Start[] = ['import', 'require', 'run'];
const NODES: NodeName[] = ['20', '24'];

let folder = '';
beforeAll(() => {
  folder = placeBundlersApp();
});

interface Seen {
  run: AppRun;
  requests: string[];
  spans: string;
}

/** Runs an app, bundled or not, under respan or (`bare`) without. */
async function observe(
  app: string,
  node: NodeName,
  start: Start | 'bare',
  more: Record<string, string> = {},
): Promise<Seen> {
  const [provider, qdrant, collector] = await Promise.all([
    startNetProvider(),
    startQdrantProvider(),
    startCollector(),
  ]);
  try {
    const services = { PROVIDER_URL: provider.url, QDRANT_URL: qdrant.url };
    const env = start === 'bare' ? services : { ...services, ...exportTo(collector), ...more };
    const underRun = [cli, 'run', '--quiet', '--', nodeBinary(node), app];
    const done =
      start === 'run'
        ? await run(nodeBinary(node), underRun, { cwd: folder, env, timeoutMillis: 120_000 })
        : await runApp({ app, node, cwd: folder, preload: start === 'bare' ? 'none' : start, env });
    const requests = [...provider.takeRequests(), ...qdrant.takeRequests()];
    return {
      run: done,
      requests: requests.map((request) => request.replaceAll(/127\.0\.0\.1:\d+/g, '<host>')),
      spans: traceLines(collector.spans())
        .replaceAll(/(network\.peer\.port = )\d+/g, '$1"<port>"')
        .replaceAll(/node\.js\/[v\d.]+/g, 'node.js/<version>'),
    };
  } finally {
    await Promise.all([provider.close(), qdrant.close(), collector.close()]);
  }
}

const SNAPSHOT = join(root, 'test/e2e/spans/bundlers.txt');

/** Names of classes are what bundlers have made of them. */
const levelled = (spans: string): string =>
  spans.replace(/(event: exception |error\.type = |user_agent\.original = )"?[\w$]+(\/JS)?/g, '$1<class>$2');

it('an app that is not bundled is traced like this', async () => {
  const seen = await observe('app.mjs', '20', 'import');
  expect(seen.run).toMatchObject({ code: 0, stderr: '' });
  await expect(`${seen.spans}\n`).toMatchFileSnapshot(SNAPSHOT);
});

describe.each(BUNDLERS)('$bundler $version, minified: $minify', (how) => {
  it('leaves the same spans in both formats, and changes nothing else', async () => {
    const at = BUNDLERS.indexOf(how);
    const built = await bundle(folder, how);
    expect(pathsIn(built)).toEqual([]);
    const formats = ['app.mjs', 'app.cjs'].map(async (file, f) => {
      const app = join(built, file);
      const node = NODES[(at + f) % 2]!;
      const bare = await observe(app, node, 'bare');
      expect(bare).toMatchObject({ run: { code: 0, stderr: '' }, spans: '' });
      const traced = await observe(app, node, STARTS[(at + f) % 3]!);
      expect(traced.run).toEqual(bare.run);
      expect(traced.requests).toEqual(bare.requests);
      expect(levelled(traced.spans)).toBe(levelled(readFileSync(SNAPSHOT, 'utf8').trimEnd()));
    });
    await Promise.all(formats);
  }, 300_000);
});

it('instruments are chosen where a bundle is run', async () => {
  const app = join(await bundle(folder, { bundler: 'esbuild', minify: true }), 'app.mjs');
  const blocked = { RESPAN_BLOCK_INSTRUMENTS: 'langchain,qdrant,anthropic,express,router' };
  const { run: done, spans } = await observe(app, '24', 'import', blocked);
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(spans).toContain('ai.generateText, unset');
  expect(spans).toContain('inside.task, unset');
  expect(spans).not.toMatch(/Runnable|qdrant\.query|anthropic\.chat|request handler/);
}, 120_000);

/** What of a bundle says where it was made, besides what bundlers say in comments of their own. */
function pathsIn(built: string): string[] {
  return readdirSync(built).flatMap((file) => {
    const statements = readFileSync(join(built, file), 'utf8').matchAll(/moduleLoaded\?\.\(\{[^}]*\}/g);
    return [...statements]
      .map(([text]) => text)
      .filter((text) => text.includes(root) || text.includes(homedir()));
  });
}
