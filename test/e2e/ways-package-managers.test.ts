import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { linkTree } from '../harness/app-folder';
import { nodeBinary } from '../harness/nodes';
import { register, root } from '../harness/paths';
import { type AppRun, run } from '../harness/run-app';
import { tempFolder } from '../harness/temp-app';
import { installRespan, nodeOptions, runner, wayGroup, waysApp } from '../harness/ways';

/** The app is traced, the package manager that starts it is not. */
const group = wayGroup('package-managers', 'Package managers');

const npm =
  process.env.npm_execpath ?? join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
const npx = join(dirname(npm), 'npx-cli.js');
const pnpm = runner('pnpm-10', 'bin/pnpm.cjs');
const yarn1 = runner('yarn-1', 'bin/yarn.js');
const yarn4 = runner('yarn-4', 'bin/yarn.js');

/** Their own settings and caches, none of the user's; the network is not needed. */
const home = tempFolder();
const quiet = {
  HOME: home,
  XDG_DATA_HOME: join(home, 'data'),
  XDG_CACHE_HOME: join(home, 'cache'),
  npm_config_update_notifier: 'false',
  npm_config_userconfig: join(home, '.npmrc'),
  YARN_ENABLE_TELEMETRY: '0',
  // Where `CI` is set, Yarn refuses to write the lock file of a new project.
  YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
};

const projects = { pnpm: join(home, 'pnpm'), yarn1: join(home, 'yarn-1'), pnp: join(home, 'pnp') };

/** An app whose packages are folders, so that it can be installed without a registry. */
function project(folder: string, manifest: object, files: Record<string, string> = {}): void {
  waysApp(folder, (name) => join(folder, 'vendor', name));
  const api = 'file:./vendor/@opentelemetry/api';
  linkTree(join(root, 'node_modules/@opentelemetry/api'), join(folder, 'vendor/@opentelemetry/api'));
  const dependencies = {
    openai: 'file:./vendor/openai',
    respan: 'file:./vendor/respan',
    '@opentelemetry/api': api,
  };
  const scripts = { 'app.cjs': 'node app.cjs', 'app.mjs': 'node app.mjs' };
  const whole = {
    name: 'ways',
    version: '1.0.0',
    private: true,
    license: 'MIT',
    scripts,
    dependencies,
    ...manifest,
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(whole));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

async function install(folder: string, ...command: string[]): Promise<void> {
  const result = await run(process.execPath, command, { cwd: folder, env: quiet, timeoutMillis: 120_000 });
  expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 });
}

beforeAll(async () => {
  const api = 'file:./vendor/@opentelemetry/api';
  project(projects.pnpm, { pnpm: { overrides: { '@opentelemetry/api': api } } });
  project(projects.yarn1, { resolutions: { '@opentelemetry/api': api } });
  const preloaded = {
    'app.cjs': 'node --require respan/register app.cjs',
    'app.mjs': 'node --import respan/register app.mjs',
  };
  project(
    projects.pnp,
    { resolutions: { '@opentelemetry/api': api }, scripts: { ...preloaded, bare: 'node' } },
    {
      'yarn.lock': '',
      '.yarnrc.yml':
        'nodeLinker: pnp\npnpEnableEsmLoader: true\nenableGlobalCache: false\nenableNetwork: false\nenableScripts: false\ncompressionLevel: 0\n',
    },
  );
  await Promise.all([
    install(projects.pnpm, pnpm, 'install', '--offline', '--ignore-scripts'),
    install(projects.yarn1, yarn1, 'install', '--offline', '--ignore-scripts', '--no-lockfile'),
    install(projects.pnp, yarn4, 'install'),
  ]);
}, 180_000);

/** `yarn run` says how long it took. */
const withoutTimes = (result: AppRun): AppRun => ({
  ...result,
  stdout: result.stdout.replace(/Done in [\d.]+s/, 'Done'),
});

/** As Yarn passes them on. */
const pnpLoaders = ['--no-warnings', '--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs'];

const NODE_OPTIONS = 'With `NODE_OPTIONS`.';

/** npm's folder for `npm install --global`. */
const prefix = join(home, 'global');
const globalRespan = join(prefix, 'lib/node_modules/respan');
beforeAll(() => {
  installRespan(globalRespan);
  mkdirSync(join(prefix, 'bin'));
  chmodSync(join(globalRespan, 'dist/cli.js'), 0o755);
  symlinkSync('../lib/node_modules/respan/dist/cli.js', join(prefix, 'bin/respan'));
});

group.ways([
  {
    way: '`npm start`, `npm run`',
    note: NODE_OPTIONS,
    start: ({ binary, app }, flags) => ({
      command: [binary, npm, 'run', '--silent', app],
      env: { ...quiet, ...nodeOptions(flags) },
    }),
  },
  {
    way: '`npm exec`',
    note: NODE_OPTIONS,
    start: ({ binary, app }, flags) => ({
      command: [binary, npm, 'exec', '--offline', '--call', `node ${app}`],
      env: { ...quiet, ...nodeOptions(flags) },
    }),
  },
  {
    way: '`npx respan run -- node app.js`',
    flags: [npx, '--offline', 'respan', 'run', '--', 'node'],
    start: ({ binary, app, folder }, flags) => ({
      command: [binary, ...flags, app],
      env: quiet,
      cwd: folder,
    }),
  },
  {
    way: 'installed globally: `respan run -- node app.js`',
    flags: ['respan', 'run', '--', 'node'],
    start: ({ binary, app }, flags) => ({
      command: [...flags, app],
      env: { PATH: [dirname(binary), join(prefix, 'bin'), process.env.PATH].join(delimiter) },
    }),
  },
  {
    way: "installed outside the app's tree: `--import /opt/respan/dist/register.js`",
    flags: ['--import', join(globalRespan, 'dist/register.js')],
    start: ({ binary, app }, flags) => ({ command: [binary, app], env: nodeOptions(flags) }),
  },
  {
    way: '`pnpm start`, `pnpm run`',
    note: NODE_OPTIONS,
    start: ({ binary, app }, flags) => ({
      command: [binary, pnpm, '--silent', 'run', app],
      cwd: projects.pnpm,
      env: { ...quiet, ...nodeOptions(flags) },
    }),
  },
  {
    way: "pnpm's isolated layout",
    start: ({ binary, app }, flags) => ({ command: [binary, ...flags, app], cwd: projects.pnpm }),
  },
  {
    way: '`yarn start` of Yarn 1',
    note: NODE_OPTIONS,
    start: ({ binary, app }, flags) => ({
      command: [binary, yarn1, 'run', app],
      cwd: projects.yarn1,
      env: { ...quiet, ...nodeOptions(flags) },
    }),
    seen: withoutTimes,
  },
  {
    way: '`yarn start` with Yarn PnP',
    note: 'The flag is in the script (`node --import respan/register app.js`), or NODE_OPTIONS names the file of a copy outside: by its name alone it is not found before PnP is there, and Yarn itself does not start. ES modules need `pnpEnableEsmLoader`, with us or without.',
    start: ({ binary, app }) => ({ command: [binary, yarn4, 'run', app], cwd: projects.pnp, env: quiet }),
  },
  {
    way: 'Yarn PnP by its loaders',
    start: ({ binary, app }, flags) => ({
      command: [binary, ...pnpLoaders, ...flags, app],
      cwd: projects.pnp,
    }),
  },
  {
    way: 'Yarn PnP, an app that ends by `process.exit`',
    apps: { esm: 'exits.mjs', cjs: 'exits.cjs' },
    start: ({ binary, app }, flags) => ({
      command: [binary, ...pnpLoaders, ...flags, app],
      cwd: projects.pnp,
    }),
  },
  {
    way: 'Yarn PnP, NODE_OPTIONS with a copy outside',
    flags: ['--import', register],
    start: ({ binary, app }, flags) => ({
      command: [binary, ...pnpLoaders, app],
      cwd: projects.pnp,
      env: nodeOptions(flags),
    }),
  },
]);

describe.concurrent('tools under NODE_OPTIONS', () => {
  it.each([
    ['npm', [npm, 'prefix']],
    ['npx', [npx, '--version']],
    ['pnpm', [pnpm, 'ls', '--json']],
    ['yarn 1', [yarn1, '--version']],
    ['yarn 4', [yarn4, '--version']],
    ['tsc', [join(root, 'node_modules/typescript/bin/tsc'), '--version']],
  ])('%s: not hooked, not a line of ours', async (_, command) => {
    const folder = projects.pnpm;
    for (const node of ['20', '24'] as const) {
      const runIt = (env: Record<string, string | undefined>) =>
        group.runIn(
          { binary: nodeBinary(node) },
          { command: [nodeBinary(node), ...command], cwd: folder, env: { ...quiet, ...env } },
        );
      const bare = await runIt({});
      const traced = await runIt({
        ...nodeOptions(['--require', 'respan/register']),
        RESPAN_LOG_LEVEL: 'debug',
      });
      expect(bare.run.stdout).not.toBe('');
      expect(traced).toEqual(bare);
    }
  });
});

group.describeRecord();
