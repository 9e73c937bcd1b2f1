import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeName } from '../harness/nodes';
import { root } from '../harness/paths';
import type { AppRun } from '../harness/run-app';
import { nodeOptions, type Place, runner, type Start, wayGroup } from '../harness/ways';

/** Node's own ways to start an app, and other preloads beside ours. */
const group = wayGroup('node', 'Node itself');

/** Where nothing of Node's own differs between the others. */
const FEWER: NodeName[] = ['20', '24'];

const REQUIRE = ['--require', 'respan/register'];

const plain = ({ binary, app }: Place, flags: string[]): Start => ({ command: [binary, ...flags, app] });
/** With others' flags, which stay in the run without us. */
const beside =
  (before: string[], after: string[] = []) =>
  ({ binary, app }: Place, flags: string[]): Start => ({
    command: [binary, ...before, ...flags, ...after, app],
  });

const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
const sourceMaps = runner('source-map-support-0.5', 'register.js');
const dotenv = runner('dotenv-18', 'dist/config.cjs');

const source = ({ folder, app }: Place): string => readFileSync(join(folder, app), 'utf8');
const type = ({ app }: Place): string => `--input-type=${app.endsWith('.mjs') ? 'module' : 'commonjs'}`;

const whole = (result: AppRun): AppRun => result;

/** Where the inspector listens. */
const withoutPort = (result: AppRun): AppRun => ({
  ...result,
  stderr: result.stderr.replace(/ws:\S+/, 'ws'),
});

group.ways([
  { way: '`node --import respan/register app.js`', start: plain },
  { way: '`node --require respan/register app.js`', flags: REQUIRE, start: plain },
  {
    way: '`--import` twice, or with `--require`',
    flags: ['--import', 'respan/register', ...REQUIRE, '--import', 'respan/register'],
    start: plain,
  },
  {
    way: 'a file URL, an absolute path',
    flags: ({ folder }) => [
      '--import',
      new URL('node_modules/respan/dist/register.js', `file://${folder}/`).href,
      '--require',
      `${folder}/node_modules/respan/dist/register.js`,
    ],
    start: plain,
  },
  {
    way: '`NODE_OPTIONS="--import respan/register"`',
    note: 'As `ENV` of a Dockerfile says it; see [containers](containers.md).',
    start: ({ binary, app }, flags) => ({ command: [binary, app], env: nodeOptions(flags) }),
  },
  {
    way: '`NODE_OPTIONS` with `-r` and `--import`',
    flags: ['-r', 'respan/register', '--import', 'respan/register'],
    nodes: FEWER,
    start: ({ binary, app }, flags) => ({ command: [binary, app], env: nodeOptions(flags) }),
  },
  {
    way: 'after `--import source-map-support/register.js`',
    nodes: FEWER,
    start: beside(['--import', sourceMaps]),
  },
  {
    way: 'before `--require source-map-support/register`',
    nodes: FEWER,
    start: beside([], ['--require', sourceMaps]),
  },
  {
    way: 'before and after `dotenv/config`',
    nodes: FEWER,
    start: ({ binary, app }, flags) => ({
      command: [binary, '--import', dotenv, ...flags, '--require', dotenv, app],
      env: { DOTENV_CONFIG_QUIET: 'true' },
    }),
  },
  { way: 'before `--import tsx`', nodes: FEWER, start: beside([], ['--import', tsx]) },
  { way: 'after `--import tsx`', nodes: FEWER, start: beside(['--import', tsx]) },
  {
    way: '`node -e`',
    flags: REQUIRE,
    nodes: FEWER,
    start: (place, flags) => ({ command: [place.binary, ...flags, type(place), '-e', source(place)] }),
  },
  {
    way: '`node -p`',
    apps: ['app.cjs'],
    nodes: FEWER,
    start: ({ binary }, flags) => ({ command: [binary, ...flags, '-p', "require('./app.cjs'); 7"] }),
    seen: whole,
  },
  {
    way: 'a script on stdin',
    nodes: FEWER,
    start: (place, flags) => ({ command: [place.binary, ...flags, type(place), '-'], input: source(place) }),
  },
  {
    way: 'the REPL',
    apps: ['app.cjs'],
    nodes: FEWER,
    start: ({ binary }, flags) => ({
      command: [binary, ...flags, '-i'],
      input: "await require('./ask.cjs').ask(require('openai'))\n",
    }),
    seen: whole,
  },
  {
    way: '`node --test`',
    code: 0,
    apps: ['test.mjs', 'test.cjs'],
    nodes: FEWER,
    start: ({ binary, app }, flags) => ({
      command: [binary, ...flags, '--test', '--test-reporter=tap', app],
    }),
    seen: ({ code, stdout }) => ({ code, stdout: stdout.replace(/duration_ms.*/g, '') }),
  },
  {
    way: '`node --run`',
    nodes: ['22', '26'],
    note: 'With `NODE_OPTIONS`.',
    // Node's own doing.
    code: 1,
    start: ({ binary, app }, flags) => ({ command: [binary, '--run', app], env: nodeOptions(flags) }),
    seen: whole,
  },
  {
    way: '`node --inspect`',
    nodes: FEWER,
    start: ({ binary, app }, flags) => ({ command: [binary, '--inspect=127.0.0.1:0', ...flags, app] }),
    seen: withoutPort,
  },
  {
    way: '`node --experimental-strip-types app.ts`',
    apps: ['app.mts', 'app.cts'],
    nodes: ['22', '24', '26'],
    start: beside(['--no-warnings', '--experimental-strip-types']),
  },
  {
    way: '`node app.ts`, types stripped by default',
    apps: ['app.mts', 'app.cts'],
    nodes: ['22', '24', '26'],
    start: beside(['--no-warnings']),
  },
  {
    way: '`--preserve-symlinks`',
    nodes: FEWER,
    start: beside(['--preserve-symlinks', '--preserve-symlinks-main']),
  },
  {
    way: '`--enable-source-maps`, `--stack-trace-limit`, `--max-old-space-size`',
    nodes: FEWER,
    start: beside(['--enable-source-maps', '--stack-trace-limit=50', '--max-old-space-size=512']),
  },
  {
    way: 'the permission model',
    note: '`--allow-fs-read` has to reach the package; where `--allow-net` exists (Node 25), the backend has to be allowed. Without `--allow-child-process`, what an end by `process.exit` leaves unsent is lost, and that is said.',
    start: ({ binary, app, folder, node }, flags) => ({
      command: [
        binary,
        '--no-warnings',
        node === '20' ? '--experimental-permission' : '--permission',
        `--allow-fs-read=${folder}/*`,
        ...(node === '26' ? ['--allow-net'] : []),
        ...flags,
        app,
      ],
    }),
  },
]);

group.describeRecord();
