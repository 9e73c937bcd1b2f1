import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures, root } from '../harness/paths';
import type { AppRun } from '../harness/run-app';
import { linkInto, tempFolder } from '../harness/temp-app';
import { nodeOptions, type Place, runner, type Start, wayGroup, waysApp } from '../harness/ways';

/** TypeScript, watchers, runners of tests and keepers of processes. */
const group = wayGroup('runners', 'Runners');

const home = tempFolder();
const REQUIRE = ['--require', 'respan/register'];
const tsx = join(root, 'node_modules/tsx/dist');
const tsNode = join(root, 'node_modules/ts-node');
/** What a tsconfig.json would say. */
const transpiling = (module: 'commonjs' | 'nodenext') => ({
  TS_NODE_TRANSPILE_ONLY: 'true',
  TS_NODE_SKIP_PROJECT: 'true',
  TS_NODE_COMPILER_OPTIONS: JSON.stringify({
    module,
    moduleResolution: module === 'commonjs' ? 'node10' : 'nodenext',
    esModuleInterop: true,
    target: 'es2022',
  }),
});

const by =
  (...command: string[]) =>
  ({ binary, app }: Place, flags: string[]): Start => ({
    command: [binary, ...command, app],
    env: { ...transpiling('commonjs'), ...nodeOptions(flags) },
  });

/** How long it took is not what it says. */
const withoutTimes = ({ code, stdout, stderr }: AppRun): unknown => ({
  code,
  said: (stdout + stderr)
    .replace(/\d+(\.\d+)? ?m?s\b/g, 'time')
    .replace(/(Duration|Start at|Time:).*/g, '$1')
    .replace(/, estimated \S+| \(time\)/g, ''),
});

/** An app that `nest start` compiles. */
function nestApp(): string {
  const folder = waysApp(join(home, 'nest'));
  cpSync(join(fixtures, 'ways-nest'), folder, { recursive: true });
  return folder;
}

function vitestApp(): string {
  const folder = waysApp(join(home, 'vitest'));
  linkInto(folder, { vitest: join(root, 'node_modules/vitest') });
  return folder;
}

const nest = nestApp();
const vitest = vitestApp();

group.ways([
  { way: '`tsx app.ts`', apps: ['app.ts', 'app.mts'], nodes: ['20', '24'], start: by(join(tsx, 'cli.mjs')) },
  {
    way: '`node --import tsx app.ts`',
    apps: ['app.ts', 'app.mts'],
    nodes: ['20', '24'],
    start: ({ binary, app }, flags) => ({
      command: [binary, ...flags, '--import', join(tsx, 'loader.mjs'), app],
    }),
  },
  {
    way: '`ts-node app.ts`',
    note: 'With `--require`: any `--import` makes Node 20 start it as an ES module, which ts-node does not know (nodejs/node#51196). `respan run` does the right thing.',
    apps: ['app.ts'],
    nodes: ['20', '22'],
    flags: REQUIRE,
    start: by(join(tsNode, 'dist/bin.js')),
  },
  {
    way: '`node --require ts-node/register app.ts`',
    apps: ['app.ts'],
    nodes: ['20', '24'],
    flags: REQUIRE,
    start: ({ binary, app }, flags) => ({
      command: [binary, ...flags, '--require', join(tsNode, 'register/index.js'), app],
      env: transpiling('commonjs'),
    }),
  },
  {
    way: '`node --loader ts-node/esm app.mts`',
    note: '`ts-node-esm` itself does not run on Node 20, with us or without.',
    apps: ['app.mts'],
    nodes: ['20', '24'],
    start: ({ binary, app }, flags) => ({
      command: [binary, '--no-warnings', ...flags, '--loader', join(tsNode, 'esm.mjs'), app],
      env: transpiling('nodenext'),
    }),
  },
  {
    way: '`vite-node app.ts`',
    apps: ['app.mts'],
    nodes: ['20', '24'],
    start: by(runner('vite-node-6', 'dist/cli.mjs')),
  },
  {
    way: '`nest start`',
    apps: ['main.ts'],
    nodes: ['24'],
    note: 'The command line of Nest is not traced.',
    start: ({ binary }, flags) => ({
      command: [binary, runner('nest-cli-12', 'bin/nest.js'), 'start'],
      cwd: nest,
      env: nodeOptions(flags),
    }),
    seen: (result) => result,
  },
  {
    way: '`nodemon app.js`',
    nodes: ['20', '24'],
    note: 'nodemon itself is not traced.',
    code: 1,
    start: ({ binary, app }, flags) => ({
      command: [binary, runner('nodemon-3', 'bin/nodemon.js'), '--exitcrash', '--quiet', app],
      env: nodeOptions(flags),
    }),
    seen: (result) => result,
  },
  {
    way: '`jest`',
    note: 'Jest loads modules by itself, out of reach of any hook: calls are known by their requests. Mocks of modules and methods work.',
    apps: ['jest.test.js'],
    nodes: ['24'],
    code: 0,
    start: ({ binary }, flags) => ({
      command: [
        binary,
        runner('jest-30', 'bin/jest.js'),
        '--rootDir=.',
        '--testMatch=**/jest*.test.js',
        '--no-cache',
        '--watchman=false',
        '--runInBand',
      ],
      env: { ...nodeOptions(flags), HOME: home },
    }),
    seen: withoutTimes,
  },
  {
    way: '`vitest`',
    note: 'Mocks of modules and methods work. By processes, which is its default (`--pool=forks`); with `--pool=threads` it ends its threads at once, and what one of them has not sent by then is lost.',
    apps: ['vitest.test.mjs'],
    nodes: ['20', '24'],
    code: 0,
    start: ({ binary }, flags) => ({
      command: [
        binary,
        join(vitest, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--no-file-parallelism',
        '--no-color',
        '--reporter=tap-flat',
        'vitest',
      ],
      cwd: vitest,
      env: nodeOptions(flags),
    }),
    seen: withoutTimes,
  },
]);

group.describeRecord();
