import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures, root } from '../harness/paths';
import type { AppRun } from '../harness/run-app';
import { linkInto, tempFolder } from '../harness/temp-app';
import {
  type Format,
  nodeOptions,
  type Place,
  REQUIRE,
  runner,
  type Start,
  wayGroup,
  waysApp,
} from '../harness/ways';

/** TypeScript, watchers, runners of tests and keepers of processes. */
const group = wayGroup('runners', 'Runners');

const home = tempFolder();
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
function nestApp(format: Format): string {
  const folder = waysApp(join(home, `nest-${format}`));
  cpSync(join(fixtures, 'ways-nest'), folder, { recursive: true });
  const type = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'ways', type }));
  return folder;
}

function avaApp(): string {
  const folder = waysApp(join(home, 'ava'));
  linkInto(folder, { ava: runner('ava-7') });
  return folder;
}

function vitestApp(): string {
  const folder = waysApp(join(home, 'vitest'));
  linkInto(folder, { vitest: join(root, 'node_modules/vitest') });
  return folder;
}

const nests = { esm: nestApp('esm'), cjs: nestApp('cjs') };
const ava = avaApp();
const vitest = vitestApp();

group.ways([
  { way: '`tsx app.ts`', apps: { esm: 'app.mts', cjs: 'app.ts' }, start: by(join(tsx, 'cli.mjs')) },
  {
    way: '`node --import tsx app.ts`',
    apps: { esm: 'app.mts', cjs: 'app.ts' },
    start: ({ binary, app }, flags) => ({
      command: [binary, ...flags, '--import', join(tsx, 'loader.mjs'), app],
    }),
  },
  {
    way: '`ts-node app.ts`',
    note: 'With `--require`: any `--import` makes Node 20 start it as an ES module, which ts-node does not know (nodejs/node#51196). `respan run` does the right thing.',
    apps: { cjs: 'app.ts' },
    missing: { esm: 'It makes CommonJS of what it is given.' },
    flags: REQUIRE,
    start: by(join(tsNode, 'dist/bin.js')),
  },
  {
    way: '`node --require ts-node/register app.ts`',
    apps: { cjs: 'app.ts' },
    missing: { esm: 'It makes CommonJS of what it is given.' },
    flags: REQUIRE,
    start: ({ binary, app }, flags) => ({
      command: [binary, ...flags, '--require', join(tsNode, 'register/index.js'), app],
      env: transpiling('commonjs'),
    }),
  },
  {
    way: '`node --loader ts-node/esm app.mts`',
    note: '`ts-node-esm` itself does not run on Node 20, with us or without.',
    apps: { esm: 'app.mts' },
    missing: { cjs: 'See above.' },
    start: ({ binary, app }, flags) => ({
      command: [binary, '--no-warnings', ...flags, '--loader', join(tsNode, 'esm.mjs'), app],
      env: transpiling('nodenext'),
    }),
  },
  {
    way: '`vite-node app.ts`',
    apps: { esm: 'app.mts' },
    missing: { cjs: 'It runs all files as ES modules.' },
    start: by(runner('vite-node-6', 'dist/cli.mjs')),
  },
  {
    way: '`nest start`',
    note: 'The command line of Nest is not traced.',
    start: ({ binary, format }, flags) => ({
      command: [binary, runner('nest-cli-12', 'bin/nest.js'), 'start'],
      cwd: nests[format],
      env: nodeOptions(flags),
    }),
    seen: (result) => result,
  },
  {
    way: '`nodemon app.js`',
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
    note: 'Jest loads modules by itself, out of reach of any hook: calls are known by their requests. Mocks of modules and methods work. ES modules with `--experimental-vm-modules`.',
    apps: { esm: 'jest-esm.test.mjs', cjs: 'jest*.test.js' },
    code: 0,
    start: ({ binary, app, format }, flags) => ({
      command: [
        binary,
        ...(format === 'esm' ? ['--no-warnings', '--experimental-vm-modules'] : []),
        runner('jest-30', 'bin/jest.js'),
        '--rootDir=.',
        `--testMatch=**/${app}`,
        '--no-cache',
        '--watchman=false',
        // How long a busy machine takes is not what is tested.
        '--openHandlesTimeout=600000',
        '--testTimeout=60000',
        '--runInBand',
      ],
      env: { ...nodeOptions(flags), HOME: home },
    }),
    seen: withoutTimes,
  },
  {
    way: '`mocha`',
    note: 'With `--parallel`, in processes of its own.',
    apps: { esm: 'mocha.test.mjs', cjs: 'mocha.test.cjs' },
    code: 0,
    start: ({ binary, app }, flags) => ({
      command: [binary, runner('mocha-12', 'bin/mocha.js'), '--parallel', '--timeout=60000', app],
      env: nodeOptions(flags),
    }),
    seen: withoutTimes,
  },
  {
    way: '`ava`',
    note: 'With worker threads, its default.',
    apps: { esm: 'ava.test.mjs', cjs: 'ava.test.cjs' },
    code: 0,
    start: ({ binary, app }, flags) => ({
      command: [binary, join(ava, 'node_modules/ava/entrypoints/cli.mjs'), '--tap', '--timeout=60s', app],
      cwd: ava,
      env: nodeOptions(flags),
    }),
    seen: withoutTimes,
  },
  {
    way: '`vitest`',
    note: 'Mocks of modules and methods work. By processes, which is its default (`--pool=forks`); with `--pool=threads` it ends its threads at once, and what one of them has not sent by then is lost.',
    apps: { esm: 'vitest.test.mjs' },
    missing: { cjs: 'It runs all files as ES modules.' },
    code: 0,
    start: ({ binary }, flags) => ({
      command: [
        binary,
        join(vitest, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--no-file-parallelism',
        '--no-color',
        '--reporter=tap-flat',
        '--testTimeout=60000',
        'vitest',
      ],
      cwd: vitest,
      // It kills its processes half a second after it has told them to end, which is little on a busy machine.
      env: { ...nodeOptions(flags), OTEL_BSP_SCHEDULE_DELAY: '20' },
    }),
    seen: withoutTimes,
  },
]);

group.describeRecord();
