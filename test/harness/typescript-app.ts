import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CollectedSpan, spansOf } from './collector';
import type { NodeName } from './nodes';
import { root } from './paths';
import { type AppRun, type RunOptions, runApp } from './run-app';
import { tempFolder } from './temp-app';

const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');

/** How a program in TypeScript is started, and tracing with it. */
export interface Way {
  title: string;
  node: NodeName;
  preload: RunOptions['preload'];
  /** Through tsx; this Node runs TypeScript by itself otherwise. */
  isByTsx: boolean;
}

/** Tracing starts in the program, after its imports. */
export const IN_CODE: Way = { title: 'started in code', node: '20', preload: 'none', isByTsx: true };
export const PRELOADED: Way = { title: 'preloaded', node: '24', preload: 'import', isByTsx: false };

export interface TracedRun extends AppRun {
  spans: CollectedSpan[];
  /** Where it ran. */
  folder: string;
}

/** Runs `file` in an empty folder; its spans go to a file there. */
export async function runTraced(
  file: string,
  { node, preload, isByTsx }: Way,
  env: RunOptions['env'] = {},
): Promise<TracedRun> {
  const folder = tempFolder();
  const traces = join(folder, 'traces');
  const run = await runApp({
    app: isByTsx ? [tsx, file] : file,
    node,
    preload,
    cwd: folder,
    env: { RESPAN_EXPORTER: 'file', RESPAN_TRACES_DIR: traces, ...env },
  });
  return { ...run, spans: spansIn(traces), folder };
}

function spansIn(folder: string): CollectedSpan[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => spansOf(readFileSync(join(folder, file), 'utf8')));
}

/** Without those of HTTP, which are below each model call. */
export function withoutHttp(spans: CollectedSpan[]): CollectedSpan[] {
  return spans.filter(({ scope }) => !/instrumentation-(http|undici)$/.test(scope));
}
