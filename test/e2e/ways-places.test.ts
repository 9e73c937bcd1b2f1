import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect } from 'vitest';
import { nodeBinary } from '../harness/nodes';
import { run } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';
import { tempFolder } from '../harness/temp-app';
import {
  nodeOptions,
  ONE_CALL,
  type Place,
  runner,
  type Start,
  type WayRun,
  wayGroup,
  waysApp,
} from '../harness/ways';

/** Where the app and the package are, and what they may do there. */
const group = wayGroup('places', 'Places');

const ONE_SCRIPT = 'Its single executables have a script as their only file.';

const home = tempFolder();
chmodSync(home, 0o755);

const odd = waysApp(join(home, 'my app ü 日本 #1 100%25 what? [x]'));
const link = join(home, 'link');
symlinkSync(odd, link, 'dir');

/** Packages in the root of a monorepo, and an app in one of its packages. */
const hoisted = join(home, 'hoisted');
waysApp(hoisted);
moveApp(hoisted, 'packages/app');

/** The app has its packages itself; the one it needs from a neighbour is linked. */
const nested = join(home, 'nested');
waysApp(nested);
moveApp(nested, 'packages/app');
mkdirSync(join(nested, 'packages/app/node_modules'));
renameSync(join(nested, 'node_modules/openai'), join(nested, 'packages/openai'));
symlinkSync('../../openai', join(nested, 'packages/app/node_modules/openai'), 'dir');

function moveApp(root: string, to: string): void {
  mkdirSync(join(root, to), { recursive: true });
  for (const file of ['app.mjs', 'app.cjs', 'ask.cjs', 'package.json']) {
    renameSync(join(root, file), join(root, to, file));
  }
  writeFileSync(
    join(root, 'package.json'),
    '{ "name": "monorepo", "private": true, "workspaces": ["packages/*"] }',
  );
}

/** Nobody writes here, and the app is run by somebody who owns nothing. */
const readOnly = waysApp(join(home, 'read-only'));
for (const folder of ['.', 'node_modules', 'node_modules/respan', 'node_modules/respan/dist']) {
  chmodSync(join(readOnly, folder), 0o555);
}

const inFolder =
  (cwd: string) =>
  ({ binary, app }: Place, flags: string[]): Start => ({ command: [binary, ...flags, app], cwd });

/** In a namespace of its own, where the test may do that. */
const asProcess1 = (): string[] =>
  process.getuid?.() === 0 ? ['unshare', '--pid', '--fork', '--mount-proc'] : [];

/** As another user, where the test may do that. */
function asNobody(place: Place): string[] {
  if (process.getuid?.() !== 0) return [place.binary];
  return ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', reachable(place)];
}

/** Nodes where everybody can run them. */
function reachable({ node, binary }: Place): string {
  const copy = join(home, `node-${node}`);
  if (existsSync(copy)) return copy;
  try {
    linkSync(binary, copy);
  } catch {
    // On another file system.
    copyFileSync(binary, copy);
  }
  return copy;
}

group.ways([
  {
    way: 'spaces, letters of any language, `#`, `%` and `?` in the path',
    start: inFolder(odd),
  },
  {
    way: 'the same, with an absolute path in NODE_OPTIONS',
    flags: ['--require', join(odd, 'node_modules/respan/dist/register.js')],
    start: ({ binary, app }, flags) => ({
      command: [binary, join(odd, app)],
      cwd: home,
      env: nodeOptions(flags),
    }),
  },
  {
    way: 'a project that is a symbolic link',
    start: ({ binary, app }, flags) => ({ command: [binary, ...flags, join(link, app)], cwd: link }),
  },
  { way: 'a monorepo, packages hoisted', start: inFolder(join(hoisted, 'packages/app')) },
  {
    way: 'a monorepo, packages not hoisted, one of them linked',
    start: inFolder(join(nested, 'packages/app')),
  },
  {
    way: 'a user who may write nowhere, no HOME, no folder for temporary files',
    note: 'Where spans are to be written to a file (`RESPAN_EXPORTER=file`), its folder has to be writable; otherwise one line says so.',
    start: (place, flags) => ({
      command: [...asNobody(place), ...flags, place.app],
      cwd: readOnly,
      env: { HOME: undefined, USERPROFILE: undefined, TMPDIR: '/nonexistent', PATH: '/usr/bin:/bin' },
    }),
  },
  {
    way: 'an entry file in a worker thread',
    start: ({ binary, app, folder }, flags) => ({
      command: [binary, ...flags, 'worker.mjs', `./${app}`],
      cwd: folder,
    }),
  },
  {
    way: 'process 1, as in a container, stopped by SIGTERM',
    note: 'The app has to listen to SIGTERM, with us or without: see [containers](containers.md).',
    apps: { esm: 'stopped.mjs', cjs: 'stopped.cjs' },
    start: ({ binary, app }, flags) => ({ command: [...asProcess1(), binary, ...flags, app] }),
  },
  {
    way: 'an app in a snapshot: `node --snapshot-blob`',
    note: 'With `--require`; Node does not run what `--import` names there. Calls are known by their requests.',
    apps: { cjs: 'snapshot.cjs' },
    missing: { esm: 'Snapshots are made of scripts.' },
    async tryOn({ node, binary, app, folder }) {
      const blob = join(home, `app-${node}.blob`);
      const making = ['--snapshot-blob', blob, '--build-snapshot', app];
      // What makes the snapshot is a tool, also under NODE_OPTIONS.
      const options = { cwd: folder, env: nodeOptions(['--require', 'respan/register']) };
      const made = await run(binary, making, options);
      expect(made, made.stderr).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
      const start = { command: [binary, '--require', 'respan/register', '--snapshot-blob', blob] };
      expectTraced(await group.runIn({ binary }, start));
      const bare = await group.runIn({ binary }, { command: [binary, '--snapshot-blob', blob] });
      expect(bare.spans).toEqual([]);
    },
  },
  {
    way: 'a single executable: `node --build-sea`, or `postject`',
    note: 'With `NODE_OPTIONS="--require /path/of/respan/dist/register.js"`; Node does not run what `--import` names there. Libraries are inside, so calls are known by their requests. What an end by `process.exit` leaves unsent is lost, since the executable cannot start another Node that sends it.',
    missing: { 'esm 20': ONE_SCRIPT, 'esm 22': ONE_SCRIPT, 'esm 24': ONE_SCRIPT },
    async tryOn(place) {
      const output = await singleExecutable(place);
      const flags = ['--require', join(place.folder, 'node_modules/respan/dist/register.js')];
      expectTraced(await group.runIn(place, { command: [output], env: nodeOptions(flags) }));
      rmSync(output);
    },
  },
]);

function expectTraced({ run: result, spans }: WayRun): void {
  expect(result).toEqual({ code: 3, signal: null, stdout: 'world\n', stderr: 'asked\n' });
  expect(spanTree(spans)).toBe(ONE_CALL);
}

/** The app and its packages in one file, and that in a copy of Node. */
async function singleExecutable({ node, format, binary, folder, app }: Place): Promise<string> {
  const name = join(home, `single-${node}-${format}`);
  const main = `${name}.${format === 'esm' ? 'mjs' : 'cjs'}`;
  await build({
    entryPoints: [join(folder, app)],
    bundle: true,
    platform: 'node',
    format,
    outfile: main,
    logLevel: 'error',
  });
  const isOld = node !== '26';
  const settings = {
    main,
    output: isOld ? `${name}.blob` : name,
    disableExperimentalSEAWarning: true,
    ...(format === 'esm' && { mainFormat: 'module' }),
  };
  writeFileSync(`${name}.json`, JSON.stringify(settings));
  const make = async (...args: string[]) => {
    const made = await run(binary, args, { cwd: home, timeoutMillis: 120_000 });
    expect(made, made.stderr).toMatchObject({ code: 0 });
  };
  await make(isOld ? '--experimental-sea-config' : '--build-sea', `${name}.json`);
  if (!isOld) return name;
  copyFileSync(binary, name);
  const fuse = ['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'];
  await make(runner('postject-1', 'dist/cli.js'), name, 'NODE_SEA_BLOB', `${name}.blob`, ...fuse);
  return name;
}

/** The preload with other versions, as another engine has them. */
async function pretend(versions: object): Promise<void> {
  writeFileSync(
    join(home, 'pretend.cjs'),
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, ...${JSON.stringify(versions)} } });`,
  );
  const binary = nodeBinary('24');
  const { run: result, spans } = await group.runIn(
    { binary },
    { command: [binary, '--require', join(home, 'pretend.cjs'), '--require', 'respan/register', 'app.cjs'] },
  );
  expect(result).toMatchObject({ code: 3, stdout: 'world\n' });
  expect(result.stderr).toMatch(/^respan: .* not supported.*; the app runs untraced\nasked\n$/);
  expect(spans).toEqual([]);
}

group.notSupported('Bun', 'It has no hooks for modules. One line says so, and the app runs.', () =>
  pretend({ bun: '1.4.5' }),
);
group.notSupported('Deno', 'As with Bun.', () => pretend({ deno: '2.9.6' }));
group.notSupported('Node before 20.6', 'One line says so, and the app runs.', () =>
  pretend({ node: '20.5.1' }),
);

group.describeRecord();
