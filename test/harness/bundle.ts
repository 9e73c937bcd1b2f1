import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeName } from './nodes';
import { nodeBinary } from './nodes';
import { fixtures, root } from './paths';
import { placeApp } from './place-app';
import { run } from './run-app';
import { linkInto } from './temp-app';

export interface Bundling {
  bundler: 'esbuild' | 'rollup' | 'rolldown' | 'vite' | 'webpack' | 'rspack';
  /** Its name in fixtures/sdks/bundlers; without one, it is the one that is installed for the build and the tests. */
  version?: string;
  format: 'esm' | 'cjs';
  minify?: boolean;
  sourcemap?: boolean;
  /** False: as without respan. */
  plugin?: boolean;
  entry?: string;
  external?: string[];
  /** What is said by the bundler or by the plugin, which is nothing. */
  expectedOutput?: RegExp;
}

/** The fixture app `bundlers` next to its libraries, and to this package under its own name. */
export function placeBundlersApp(): string {
  const folder = placeApp('bundlers', [
    ...['openai-7', 'anthropic-1', 'ai-6', 'ai-openai-3', 'langchain-1', 'qdrant-1.19', 'express-5'],
  ]);
  if (!existsSync(join(folder, 'node_modules/respan'))) linkInto(folder, { respan: root });
  return folder;
}

/** Bundles it as `fixtures/bundlers/build.mjs` does; answers with the path of the app in the bundle. */
export async function bundle(folder: string, how: Bundling, node: NodeName = '20'): Promise<string> {
  const { version, format, minify = false, plugin = true } = how;
  const name = [version ?? how.bundler, format, minify && 'min', !plugin && 'bare', how.entry].filter(Boolean);
  const options = {
    ...how,
    plugin,
    minify,
    alias: version ?? how.bundler,
    bundlers: version ? join(fixtures, 'sdks/bundlers') : root,
    outdir: join(folder, 'dist', name.join('-')),
  };
  const built = await run(nodeBinary(node), ['build.mjs', JSON.stringify(options)], {
    cwd: folder,
    timeoutMillis: 120_000,
  });
  const output = `${built.stdout}${built.stderr}`;
  if (built.code !== 0 || !(how.expectedOutput ?? /^$/).test(output)) {
    throw new Error(`${name.join(' ')}: exit ${built.code}, ${output}`);
  }
  return join(options.outdir, format === 'esm' ? 'app.mjs' : 'app.cjs');
}
