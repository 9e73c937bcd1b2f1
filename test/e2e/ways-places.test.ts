import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect } from 'vitest';
import { type NodeName, nodeBinary } from '../harness/nodes';
import { run } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';
import { tempFolder } from '../harness/temp-app';
import { nodeOptions, ONE_CALL, type Place, type Start, wayGroup, waysApp } from '../harness/ways';

/** Where the app and the package are, and what they may do there. */
const group = wayGroup('places', 'Places');

const BOTH_HOOKS: NodeName[] = ['20', '24'];
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
    nodes: BOTH_HOOKS,
    start: inFolder(odd),
  },
  {
    way: 'the same, with an absolute path in NODE_OPTIONS',
    nodes: BOTH_HOOKS,
    flags: ['--require', join(odd, 'node_modules/respan/dist/register.js')],
    start: ({ binary, app }, flags) => ({
      command: [binary, join(odd, app)],
      cwd: home,
      env: nodeOptions(flags),
    }),
  },
  {
    way: 'a project that is a symbolic link',
    nodes: BOTH_HOOKS,
    start: ({ binary, app }, flags) => ({ command: [binary, ...flags, join(link, app)], cwd: link }),
  },
  { way: 'a monorepo, packages hoisted', nodes: BOTH_HOOKS, start: inFolder(join(hoisted, 'packages/app')) },
  {
    way: 'a monorepo, packages not hoisted, one of them linked',
    nodes: BOTH_HOOKS,
    start: inFolder(join(nested, 'packages/app')),
  },
  {
    way: 'a user who may write nowhere, no HOME, no folder for temporary files',
    note: 'Where spans are to be written to a file (`RESPAN_EXPORTER=file`), its folder has to be writable; otherwise one line says so.',
    nodes: ['20', '26'],
    start: (place, flags) => ({
      command: [...asNobody(place), ...flags, place.app],
      cwd: readOnly,
      env: { HOME: undefined, USERPROFILE: undefined, TMPDIR: '/nonexistent', PATH: '/usr/bin:/bin' },
    }),
  },
  {
    way: 'an entry file in a worker thread',
    nodes: BOTH_HOOKS,
    start: ({ binary, app, folder }, flags) => ({
      command: [binary, ...flags, 'worker.mjs', `./${app}`],
      cwd: folder,
    }),
  },
]);

group.way(
  {
    way: 'an app in a snapshot: `node --snapshot-blob`',
    note: 'With `--require`; Node does not run what `--import` names there. Calls are known by their requests.',
    cjs: ['20', '24'],
  },
  async () => {
    for (const node of ['20', '24'] as const) {
      const binary = nodeBinary(node);
      const blob = join(home, `app-${node}.blob`);
      const made = await run(binary, ['--snapshot-blob', blob, '--build-snapshot', 'snapshot.cjs'], {
        cwd: group.folder(),
      });
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const { run: result, spans } = await group.runIn(
        { binary },
        { command: [binary, '--require', 'respan/register', '--snapshot-blob', blob] },
      );
      expect(result).toEqual({ code: 3, signal: null, stdout: 'world\n', stderr: 'asked\n' });
      expect(spanTree(spans)).toBe(ONE_CALL);
    }
  },
);

group.way(
  {
    way: 'a single executable: `node --build-sea`',
    note: 'With `NODE_OPTIONS="--require /path/of/respan/dist/register.js"`; Node does not run what `--import` names there. Libraries are inside, so calls are known by their requests. What an end by `process.exit` leaves unsent is lost, since the executable cannot start another Node that sends it.',
    cjs: ['26'],
  },
  async () => {
    const binary = nodeBinary('26');
    const folder = group.folder();
    const bundle = join(home, 'bundle.cjs');
    await build({
      entryPoints: [join(folder, 'app.cjs')],
      bundle: true,
      platform: 'node',
      outfile: bundle,
      logLevel: 'error',
    });
    const output = join(home, 'app.sea');
    const settings = { main: bundle, output, disableExperimentalSEAWarning: true };
    writeFileSync(join(home, 'sea.json'), JSON.stringify(settings));
    const made = await run(binary, ['--build-sea', join(home, 'sea.json')], { cwd: home });
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const flags = ['--require', join(folder, 'node_modules/respan/dist/register.js')];
    const { run: result, spans } = await group.runIn(
      { binary },
      { command: [output], env: nodeOptions(flags) },
    );
    expect(result).toEqual({ code: 3, signal: null, stdout: 'world\n', stderr: 'asked\n' });
    expect(spanTree(spans)).toBe(ONE_CALL);
  },
);

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

group.way({ way: 'Bun', note: 'It has no hooks for modules. One line says so, and the app runs.' }, () =>
  pretend({ bun: '1.4.5' }),
);
group.way({ way: 'Deno', note: 'As with Bun.' }, () => pretend({ deno: '2.9.6' }));
group.way({ way: 'Node before 20.6', note: 'One line says so, and the app runs.' }, () =>
  pretend({ node: '20.5.1' }),
);

group.describeRecord();
