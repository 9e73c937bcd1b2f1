import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../harness/paths';
import type { AppRun } from '../harness/run-app';
import { tempFolder } from '../harness/temp-app';
import {
  type Missing,
  nodeOptions,
  type Place,
  REQUIRE,
  runner,
  type Start,
  wayGroup,
} from '../harness/ways';

/** Node's own ways to start an app, and other preloads beside ours. */
const group = wayGroup('node', 'Node itself');

/** Node 20 cannot do what newer ones can. */
const notOn20 = (what: string): Missing => ({ '20': `${what} is newer.` });

const plain = ({ binary, app }: Place, flags: string[]): Start => ({ command: [binary, ...flags, app] });
/** With others' flags, which stay in the run without us. */
const beside =
  (before: string[], after: string[] = []) =>
  ({ binary, app }: Place, flags: string[]): Start => ({
    command: [binary, ...before, ...flags, ...after, app],
  });

const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
const sourceMaps = runner('source-map-support-0.5', 'register.js');
const caches = tempFolder();
const dotenv = runner('dotenv-18', 'dist/config.cjs');

const source = ({ folder, app }: Place): string => readFileSync(join(folder, app), 'utf8');
const type = ({ format }: Place): string => `--input-type=${format === 'esm' ? 'module' : 'commonjs'}`;

const whole = (result: AppRun): AppRun => result;

/** Where the inspector listens. */
const withoutPort = (result: AppRun): AppRun => ({
  ...result,
  stderr: result.stderr.replace(/ws:\S+/, 'ws'),
});

group.ways([
  { way: '`node --import respan/register app.js`', isAlwaysTried: true, start: plain },
  { way: '`node --require respan/register app.js`', isAlwaysTried: true, flags: REQUIRE, start: plain },
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
    isAlwaysTried: true,
    note: 'As `ENV` of a Dockerfile says it; see [containers](containers.md).',
    start: ({ binary, app }, flags) => ({ command: [binary, app], env: nodeOptions(flags) }),
  },
  {
    way: '`NODE_OPTIONS` with `-r` and `--import`',
    flags: ['-r', 'respan/register', '--import', 'respan/register'],
    start: ({ binary, app }, flags) => ({ command: [binary, app], env: nodeOptions(flags) }),
  },
  {
    way: '`NODE_OPTIONS` and the command line',
    start: ({ binary, app }, flags) => ({
      command: [binary, ...flags, app],
      env: nodeOptions(flags.length > 0 ? REQUIRE : []),
    }),
  },
  {
    way: '`-r` twice',
    flags: ['-r', 'respan/register', '-r', 'respan/register'],
    start: plain,
  },
  {
    way: '`--env-file` with the settings',
    // What they say there: no spans of requests.
    tree: 'openai.chat',
    start: ({ binary, app }, flags) => ({ command: [binary, '--env-file=settings.env', ...flags, app] }),
  },
  {
    way: '`--env-file` with `NODE_OPTIONS`',
    flags: ['--env-file=options.env'],
    start: plain,
  },
  {
    way: 'after `--import source-map-support/register.js`',
    start: beside(['--import', sourceMaps]),
  },
  {
    way: 'before `--require source-map-support/register`',
    start: beside([], ['--require', sourceMaps]),
  },
  {
    way: 'before and after `dotenv/config`',
    start: ({ binary, app }, flags) => ({
      command: [binary, '--import', dotenv, ...flags, '--require', dotenv, app],
      env: { DOTENV_CONFIG_QUIET: 'true' },
    }),
  },
  { way: 'before `--import tsx`', start: beside([], ['--import', tsx]) },
  { way: 'after `--import tsx`', start: beside(['--import', tsx]) },
  {
    way: '`node -e`',
    flags: REQUIRE,
    start: (place, flags) => ({ command: [place.binary, ...flags, type(place), '-e', source(place)] }),
  },
  {
    way: '`node -p`',
    flags: REQUIRE,
    apps: { cjs: 'app.cjs' },
    missing: { esm: 'Node prints the value of scripts only.' },
    start: ({ binary }, flags) => ({ command: [binary, ...flags, '-p', "require('./app.cjs'); 7"] }),
    seen: whole,
  },
  {
    way: 'a script on stdin',
    start: (place, flags) => ({ command: [place.binary, ...flags, type(place), '-'], input: source(place) }),
  },
  {
    way: 'the REPL',
    note: 'ES modules by `import()`.',
    start: ({ binary, format }, flags) => ({
      command: [binary, ...flags, '-i'],
      input:
        format === 'esm'
          ? "await require('./ask.cjs').ask((await import('openai')).default)\n"
          : "await require('./ask.cjs').ask(require('openai'))\n",
    }),
    seen: whole,
  },
  {
    way: '`node --test`',
    code: 0,
    apps: { esm: 'test.mjs', cjs: 'test.cjs' },
    start: ({ binary, app }, flags) => ({
      command: [binary, ...flags, '--test', '--test-reporter=tap', app],
    }),
    seen: ({ code, stdout }) => ({ code, stdout: stdout.replace(/duration_ms.*/g, '') }),
  },
  {
    way: '`node --run`',
    note: 'With `NODE_OPTIONS`.',
    missing: notOn20('`--run`'),
    // Node's own doing.
    code: 1,
    start: ({ binary, app }, flags) => ({ command: [binary, '--run', app], env: nodeOptions(flags) }),
    seen: whole,
  },
  {
    way: '`node --inspect`',
    start: ({ binary, app }, flags) => ({ command: [binary, '--inspect=127.0.0.1:0', ...flags, app] }),
    seen: withoutPort,
  },
  {
    way: '`node --experimental-strip-types app.ts`',
    apps: { esm: 'app.mts', cjs: 'app.cts' },
    missing: notOn20('Stripping of types'),
    start: beside(['--no-warnings', '--experimental-strip-types']),
  },
  {
    way: '`node app.ts`, types stripped by default',
    apps: { esm: 'app.mts', cjs: 'app.cts' },
    missing: notOn20('Stripping of types'),
    start: beside(['--no-warnings']),
  },
  {
    way: '`--experimental-default-type=module`',
    apps: { esm: 'default-type/app.js' },
    missing: {
      cjs: 'It makes modules of them.',
      ...Object.fromEntries(['24', '26'].map((node) => [node, 'The flag is gone.'])),
    },
    start: beside(['--no-warnings', '--experimental-default-type=module']),
  },
  {
    way: '`NODE_COMPILE_CACHE`',
    note: 'Empty, and filled.',
    missing: notOn20('It'),
    times: 2,
    start: ({ binary, app, node }, flags) => ({
      command: [binary, ...flags, app],
      env: { NODE_COMPILE_CACHE: join(caches, node) },
    }),
  },
  {
    way: '`module.enableCompileCache()`',
    note: 'Empty, and filled.',
    apps: { esm: 'cached.mjs', cjs: 'cached.cjs' },
    missing: notOn20('It'),
    times: 2,
    start: ({ binary, app, node, format }, flags) => ({
      command: [binary, ...flags, app],
      env: { CACHE: join(caches, `${node}-${format}`) },
    }),
  },
  {
    way: '`--preserve-symlinks`',
    start: beside(['--preserve-symlinks', '--preserve-symlinks-main']),
  },
  {
    way: '`--enable-source-maps`, `--stack-trace-limit`, `--max-old-space-size`',
    start: beside(['--enable-source-maps', '--stack-trace-limit=50', '--max-old-space-size=512']),
  },
  {
    way: '`--frozen-intrinsics`, `--disable-proto=throw`, `--disallow-code-generation-from-strings`',
    start: beside([
      '--no-warnings',
      '--frozen-intrinsics',
      '--disable-proto=throw',
      '--disallow-code-generation-from-strings',
    ]),
  },
  {
    way: '`--insecure-http-parser`, `--pending-deprecation`, `--throw-deprecation`, `--unhandled-rejections=strict`',
    start: beside([
      '--insecure-http-parser',
      '--pending-deprecation',
      '--throw-deprecation',
      '--unhandled-rejections=strict',
    ]),
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
