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
  minify?: boolean;
  sourcemap?: boolean;
  /** False: as without respan. */
  plugin?: boolean;
  entry?: string;
  external?: string[];
}

/** The fixture app `bundlers` next to its libraries, and to this package under its own name. */
export function placeBundlersApp(): string {
  const folder = placeApp('bundlers', [
    ...['openai-7', 'anthropic-1', 'ai-6', 'ai-openai-3', 'langchain-1', 'qdrant-1.19', 'express-5'],
  ]);
  if (!existsSync(join(folder, 'node_modules/respan'))) linkInto(folder, { respan: root });
  return folder;
}

/** Bundles it in both formats, as `fixtures/bundlers/build.mjs` does; answers with the folder of the bundles. */
export async function bundle(folder: string, how: Bundling, node: NodeName = '20'): Promise<string> {
  const { bundler, version, minify = false, plugin = true, entry = 'app.mjs' } = how;
  const name = [version ?? bundler, minify && 'min', !plugin && 'without', entry.replace('.mjs', '')];
  const options = {
    ...how,
    ...{ minify, plugin, entry },
    alias: version ?? bundler,
    bundlers: version ? join(fixtures, 'sdks/bundlers') : root,
    outdir: join(folder, 'dist', name.filter(Boolean).join('-')),
  };
  const built = await run(nodeBinary(node), ['build.mjs', JSON.stringify(options)], {
    cwd: folder,
    timeoutMillis: 240_000,
  });
  const output = `${built.stdout}${built.stderr}`;
  if (built.code !== 0 || output !== '') throw new Error(`${name.join(' ')}: exit ${built.code}, ${output}`);
  return options.outdir;
}
