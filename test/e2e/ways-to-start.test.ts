import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spansOf } from '../harness/collector';
import { fakeOpenai, IMPORT_APP, REQUIRE_APP } from '../harness/fake-openai';
import { NODES, type NodeName, nodeBinary } from '../harness/nodes';
import { register } from '../harness/paths';
import { type AppRun, run } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';
import { tempApp, tempFolder } from '../harness/temp-app';

/** How the hooks meet libraries of either format; the ways by themselves are in ways-*.test.ts. */

const ANSWER = 'the answer\n';
const REQUIRE = `--require ${JSON.stringify(register)}`;

/** Model spans of whatever `args` start, all of it sharing one file. */
async function start(
  node: NodeName,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<{ result: AppRun; names: string[] }> {
  const runFile = join(tempFolder(), 'spans.jsonl');
  const path = `${dirname(nodeBinary(node))}${delimiter}${process.env.PATH}`;
  const result = await run(nodeBinary(node), args, {
    cwd,
    env: { RESPAN_RUN_FILE: runFile, PATH: path, ...env },
  });
  const spans = existsSync(runFile) ? spansOf(readFileSync(runFile, 'utf8')) : [];
  return { result, names: modelSpans(spans).map(({ name }) => name) };
}

const traced = (calls = 1) => ({
  result: { code: 0, signal: null, stdout: ANSWER.repeat(calls), stderr: '' },
  names: Array(calls).fill('openai.chat'),
});

const appOf = (more: Record<string, string> = {}) =>
  tempApp({ ...fakeOpenai(), 'app.cjs': REQUIRE_APP, 'app.mjs': IMPORT_APP, ...more });

describe.concurrent.each(NODES)('Node %s', (node) => {
  it.each([
    ['--import', ['--import', register], {}],
    ['--require', ['--require', register], {}],
    ['--import twice', ['--import', register, '--import', register], {}],
    ['--import and --require', ['--import', register, '--require', register], {}],
    ['NODE_OPTIONS', [], { NODE_OPTIONS: REQUIRE }],
    ['NODE_OPTIONS with --import', [], { NODE_OPTIONS: `--import ${JSON.stringify(register)}` }],
    ['NODE_OPTIONS and --import', ['--import', register], { NODE_OPTIONS: REQUIRE }],
    ['a file URL', ['--import', `file://${register}`], {}],
  ] as [string, string[], Record<string, string>][])('%s', async (_, flags, env) => {
    const folder = appOf();
    for (const app of ['app.cjs', 'app.mjs']) {
      expect(await start(node, [...flags, app], folder, env), app).toEqual(traced());
    }
    const modules = appOf(fakeOpenai({ format: 'module' }));
    expect(await start(node, [...flags, 'app.mjs'], modules, env), 'an ES module').toEqual(traced());
  });

  it('an ES module that imports other CommonJS before the library, and ES modules', async () => {
    const folder = appOf({
      'node_modules/other/package.json': '{"name":"other"}',
      'node_modules/other/index.js': "require('./more'); exports.other = 1;",
      'node_modules/other/more.js': '',
      'es.mjs': 'export const es = 1;',
      'app.mjs': `import { es } from './es.mjs';\nimport other from 'other';\n${IMPORT_APP}`,
    });
    for (const flag of ['--import', '--require']) {
      expect(await start(node, [flag, register, 'app.mjs'], folder), flag).toEqual(traced());
    }
  });

  it('a loader that reads the sources itself, as those of Yarn PnP and ts-node do', async () => {
    const folder = appOf({
      ...fakeOpenai({ format: 'module' }),
      'loader.mjs': `import { readFileSync } from 'node:fs';
        export async function load(url, context, next) {
          if (!/\\.mjs$|openai\\/.*\\.js$/.test(url)) return next(url, context);
          return { format: 'module', shortCircuit: true, source: readFileSync(new URL(url)) };
        }`,
    });
    const loader = ['--no-warnings', '--experimental-loader', './loader.mjs'];
    for (const flags of [
      [...loader, '--require', register],
      ['--import', register, ...loader],
    ]) {
      expect(await start(node, [...flags, 'app.mjs'], folder), flags.join(' ')).toEqual(traced());
    }
  });

  it('children: each process has its spans', async () => {
    const folder = appOf({
      'parent.mjs': `import { fork } from 'node:child_process';
        fork('./app.cjs');
        import './app.mjs';`,
    });
    expect(await start(node, ['parent.mjs'], folder, { NODE_OPTIONS: REQUIRE })).toEqual(traced(2));
  });
});
