import { beforeAll, describe, it } from 'vitest';
import { type Bundling, bundle, placeBundlersApp } from '../harness/bundle';
import { startCollector } from '../harness/collector';
import { startNetProvider } from '../harness/net-provider';
import { type NodeName, nodeBinary } from '../harness/nodes';
import { cli } from '../harness/paths';
import { exportTo } from '../harness/provider-suite';
import { startQdrantProvider } from '../harness/qdrant-provider';
import { type AppRun, run, runApp } from '../harness/run-app';
import { traceLines } from '../harness/trace-lines';

/** The oldest that the plugins are for, and the newest. */
const BUNDLERS: Pick<Bundling, 'bundler' | 'version'>[] = [
  { bundler: 'esbuild', version: 'esbuild-0.17' },
  { bundler: 'esbuild' },
  { bundler: 'rollup', version: 'rollup-3' },
  { bundler: 'rollup', version: 'rollup-4' },
  { bundler: 'rolldown' },
  { bundler: 'vite', version: 'vite-5' },
  { bundler: 'vite' },
  { bundler: 'webpack', version: 'webpack-5.76' },
  { bundler: 'webpack', version: 'webpack-5' },
  { bundler: 'rspack', version: 'rspack-1' },
  { bundler: 'rspack', version: 'rspack-2' },
];

type Start = 'import' | 'require' | 'run';
const STARTS: Start[] = ['import', 'require', 'run'];

/** Every bundler in both formats; minified, Nodes and ways to start are spread over them. */
const CASES = BUNDLERS.flatMap((one, at) =>
  (['esm', 'cjs'] as const).map((format, f) => ({
    ...one,
    name: one.version ?? one.bundler,
    format,
    minify: (at + f) % 2 === 0,
    node: ((at + f) % 2 === 0 ? '24' : '20') as NodeName,
    start: STARTS[(at + f) % 3]!,
  })),
);

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
async function observe(app: string, node: NodeName, start: Start | 'bare'): Promise<Seen> {
  const [provider, qdrant, collector] = await Promise.all([
    startNetProvider(),
    startQdrantProvider(),
    startCollector(),
  ]);
  try {
    const env = {
      PROVIDER_URL: provider.url,
      QDRANT_URL: qdrant.url,
      ...(start !== 'bare' && exportTo(collector)),
    };
    const done =
      start === 'run'
        ? await run(process.execPath, [cli, 'run', '--quiet', '--', 'node', app], {
            cwd: folder,
            env: { ...env, PATH: `${nodeFolder(node)}:${process.env.PATH}` },
          })
        : await runApp({ app, node, cwd: folder, preload: start === 'bare' ? 'none' : start, env });
    const requests = [...provider.takeRequests(), ...qdrant.takeRequests()].map((request) =>
      request.replaceAll(/127\.0\.0\.1:\d+/g, '<host>'),
    );
    return { run: done, requests, spans: traceLines(collector.spans()) };
  } finally {
    await Promise.all([provider.close(), qdrant.close(), collector.close()]);
  }
}

const nodeFolder = (node: NodeName): string => nodeBinary(node).replace(/[\\/]node$/, '');

describe('an app with everything inlined', () => {
  it('is, where it is not bundled, traced like this', async ({ expect }) => {
    const seen = await observe('app.mjs', '20', 'import');
    expect(seen.run).toMatchObject({ code: 0, stderr: '' });
    await expect(`${seen.spans}\n`).toMatchFileSnapshot('./spans/bundlers.txt');
  });

  it.concurrent.each(CASES)('$name $format, minified: $minify, on Node $node, $start', async (one) => {
    const app = await bundle(folder, one);
    const bare = await observe(app, one.node, 'bare');
    const traced = await observe(app, one.node, one.start);
    const { expect } = await import('vitest');
    expect(bare.run).toMatchObject({ code: 0, stderr: '' });
    expect(bare.spans).toBe('');
    expect(traced.run).toEqual(bare.run);
    expect(traced.requests).toEqual(bare.requests);
    await expect(`${traced.spans}\n`).toMatchFileSnapshot('./spans/bundlers.txt');
  });
});
