import { cpSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { startLongRun, until } from '../harness/long-run';
import { run } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';
import { tempFolder } from '../harness/temp-app';
import { nodeOptions, ONE_CALL, type Place, runner, wayGroup } from '../harness/ways';

/** What starts an app again: watchers, and pm2. The tests stop all of it. */
const group = wayGroup('watchers', 'Watchers, and keepers of processes');

const IMPORT = ['--import', 'respan/register'];
const TRY_AGAIN_MILLIS = 5_000;
/** As Node says it, and nodemon; both also say that they wait for changes before restarting. */
const RESTARTS = /^Restarting '|restarting due to/gm;

const withNode = ({ binary }: Place): Record<string, string> => ({
  PATH: `${dirname(binary)}${delimiter}${process.env.PATH}`,
});

/** Starts an app, changes it when the watcher says that it waits for that, and waits for the second run. */
async function watch(
  place: Place,
  command: string[],
  waits: RegExp,
  env: Record<string, string | undefined> = {},
): Promise<void> {
  const { env: services, spans } = group.backends();
  // Real copies: whoever links a file once more changes it for those who watch it.
  const folder = tempFolder();
  cpSync(place.folder, folder, { recursive: true });
  const watcher = startLongRun([place.binary, ...command, place.app], {
    cwd: folder,
    env: { ...withNode(place), ...services, ...env },
  });
  const times = (pattern: RegExp): number => watcher.stdout().match(pattern)?.length ?? 0;
  const hasRun = (calls: number) => () =>
    times(/^world\n/gm) >= calls && times(waits) >= calls && spans().length >= 2 * calls;
  try {
    await watcher.until('the first run', hasRun(1));
    // The watcher may not know yet which files to watch, and compares times, which may be coarse.
    for (let seconds = 5; times(RESTARTS) === 0; seconds += 5) {
      const later = new Date(Date.now() + seconds * 1_000);
      utimesSync(join(folder, place.app), later, later);
      await watcher.until('a restart', () => times(RESTARTS) > 0, TRY_AGAIN_MILLIS);
    }
    await watcher.until('the second run', hasRun(2));
  } finally {
    await watcher.stop();
  }
  expect(watcher.stdout()).not.toContain('respan:');
  // Where a change was made twice, it may run once more.
  const calls = spanTree(spans()).split(/\n(?=\S)/);
  expect(calls).toEqual(calls.map(() => ONE_CALL));
}

const pm2 = runner('pm2-7', 'bin/pm2');
const pm2Runtime = runner('pm2-7', 'bin/pm2-runtime');
const MODES = ['fork', 'cluster'] as const;

/** The app under pm2 in both of its modes, each with variables of its own. */
function ecosystem({ app, folder }: Place, more: object, modes: readonly string[] = MODES) {
  const home = tempFolder();
  const apps = modes.map((mode) => {
    const { env, spans } = group.backends();
    const [out, err] = [join(home, `${mode}.out`), join(home, `${mode}.err`)];
    return {
      settings: {
        name: mode,
        script: join(folder, app),
        cwd: folder,
        exec_mode: mode,
        autorestart: false,
        env: { ...env, RESPAN_APP_NAME: `app in ${mode} mode` },
        out_file: out,
        error_file: err,
        ...more,
      },
      hasRun: () => spans().length >= 2 && read(out) === 'world\n' && read(err) === 'asked\n',
      expectTraced() {
        expect(spanTree(spans())).toBe(ONE_CALL);
        expect(spans().map(({ resource }) => resource['service.name'])).toEqual(
          Array(2).fill(`app in ${mode} mode`),
        );
      },
    };
  });
  const file = join(home, 'ecosystem.config.cjs');
  const whole = { apps: apps.map(({ settings }) => settings) };
  writeFileSync(file, `module.exports = ${JSON.stringify(whole)};`);
  return { apps, file, home, env: { PM2_HOME: home, HOME: home, PM2_DISCRETE_MODE: 'true' } };
}

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** By the daemon that `pm2 start` leaves behind. */
async function startByPm2(
  place: Place,
  more: object,
  env: Record<string, string | undefined>,
): Promise<void> {
  const { apps, file, home, env: own } = ecosystem(place, more);
  const command = (...args: string[]) =>
    run(place.binary, [pm2, ...args], {
      env: { ...withNode(place), ...env, ...own },
      timeoutMillis: 240_000,
    });
  let daemon = 0;
  try {
    const started = await command('start', file);
    daemon = Number(read(join(home, 'pm2.pid')));
    expect(started, started.stdout + started.stderr).toMatchObject({ code: 0 });
    expect(started.stdout + started.stderr).not.toContain('respan:');
    await until(() => apps.every(({ hasRun }) => hasRun()));
  } finally {
    await command('kill');
    if (daemon > 0) await until(() => !isAlive(daemon));
  }
  for (const { expectTraced } of apps) expectTraced();
  expect(read(join(home, 'pm2.log'))).not.toContain('respan:');
}

/** One that has ended and that nobody has asked for is as good as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(read(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

group.ways([
  {
    way: '`node --watch app.js`',
    note: 'The watcher itself is not traced.',
    tryOn: (place) => watch(place, ['--watch', ...IMPORT], /^Failed running/gm),
  },
  {
    way: '`nodemon app.js`, restarting',
    note: 'With `NODE_OPTIONS`.',
    tryOn: (place) =>
      watch(place, [runner('nodemon-3', 'bin/nodemon.js')], /waiting for file changes/g, nodeOptions(IMPORT)),
  },
  {
    way: '`pm2 start`, `node_args` in the ecosystem file',
    note: 'Fork and cluster mode, each app with its own `env` (`RESPAN_APP_NAME` …). The command line and the daemon are left alone.',
    tryOn: (place) => startByPm2(place, { node_args: IMPORT.join(' ') }, { RESPAN_LOG_LEVEL: 'info' }),
  },
  {
    way: '`pm2 start` with `NODE_OPTIONS`',
    note: 'Fork and cluster mode. In `env` of an app, `NODE_OPTIONS` comes too late in cluster mode: pm2 sets it in the process that runs already.',
    tryOn: (place) => startByPm2(place, {}, nodeOptions(IMPORT)),
  },
  {
    way: '`pm2-runtime` with `NODE_OPTIONS`',
    note: 'Fork mode, as in a container.',
    async tryOn(place) {
      const { apps, file, env } = ecosystem(place, {}, ['fork']);
      const runtime = startLongRun([place.binary, pm2Runtime, 'start', file], {
        env: { ...withNode(place), ...nodeOptions(IMPORT), ...env },
      });
      try {
        await runtime.until('the app has run', () => apps.every(({ hasRun }) => hasRun()));
      } finally {
        await runtime.stop();
      }
      for (const { expectTraced } of apps) expectTraced();
    },
  },
]);

group.describeRecord();
