import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spansOf } from '../harness/collector';
import { fakeOpenai, IMPORT_APP, REQUIRE_APP } from '../harness/fake-openai';
import { NODES, type NodeName, nodeBinary } from '../harness/nodes';
import { register, root } from '../harness/paths';
import { type AppRun, run } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';
import { tempApp, tempFolder } from '../harness/temp-app';

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

describe.each(NODES)('Node %s', (node) => {
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

  it('--import respan/register and --require respan/register, by name', async () => {
    const folder = appOf();
    symlinkSync(root, join(folder, 'node_modules/respan'), 'dir');
    for (const flag of ['--import', '--require']) {
      expect(await start(node, [flag, 'respan/register', 'app.mjs'], folder), flag).toEqual(traced());
    }
  });

  it('-e, as a script and as a module', async () => {
    const folder = appOf();
    const flags = ['--require', register];
    expect(await start(node, [...flags, '-e', REQUIRE_APP], folder)).toEqual(traced());
    expect(await start(node, [...flags, '--input-type=module', '-e', IMPORT_APP], folder)).toEqual(traced());
  });

  it('children: each process has its spans', async () => {
    const folder = appOf({
      'parent.mjs': `import { fork } from 'node:child_process';
        fork('./app.cjs');
        import './app.mjs';`,
    });
    expect(await start(node, ['parent.mjs'], folder, { NODE_OPTIONS: REQUIRE })).toEqual(traced(2));
  });

  it('tools under NODE_OPTIONS: not hooked, what they print is the same', async () => {
    const folder = appOf({
      'package.json': JSON.stringify({ name: 'a', version: '1.0.0', scripts: { start: 'node app.cjs' } }),
    });
    mkdirSync(join(folder, 'home'));
    const npm =
      process.env.npm_execpath ?? join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const quiet = {
      HOME: join(folder, 'home'),
      npm_config_update_notifier: 'false',
      npm_config_userconfig: join(folder, 'home/.npmrc'),
    };
    const debug = { NODE_OPTIONS: REQUIRE, RESPAN_LOG_LEVEL: 'debug', ...quiet };
    for (const args of [
      [npm, 'ls', '--json', '--offline'],
      [tsc, '--version'],
    ]) {
      const { result: bare } = await start(node, args, folder, quiet);
      const { result } = await start(node, args, folder, debug);
      expect(result).toEqual(bare);
      expect(bare.stdout).not.toBe('');
    }
    // The app that npm starts is traced.
    const { result, names } = await start(node, [npm, 'start', '--silent'], folder, {
      ...quiet,
      NODE_OPTIONS: REQUIRE,
    });
    expect(result).toMatchObject({ code: 0, stdout: ANSWER, stderr: '' });
    expect(names).toEqual(['openai.chat']);
  });
});
