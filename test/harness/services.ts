import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Real servers of Debian packages, on free ports of this machine, with data that is thrown away. */
interface Service {
  /** What has to be installed. */
  debian: string;
  binaries: string[];
  start(folder: string, port: number): ChildProcess | Promise<ChildProcess>;
}

const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/usr/local/sbin');
const POSTGRES = '/usr/lib/postgresql';
const postgresFolders = existsSync(POSTGRES)
  ? readdirSync(POSTGRES)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(POSTGRES, version, 'bin'))
  : [];

const find = (binary: string): string | undefined =>
  [...postgresFolders, ...folders].map((folder) => join(folder, binary)).find((path) => existsSync(path));

/** These refuse to run as root: then they run as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function run(binary: string, args: string[], cwd: string): void {
  execFileSync(find(binary)!, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], ...nobody });
}

const launch = (binary: string, args: string[], cwd: string): ChildProcess =>
  spawn(find(binary)!, args, { cwd, stdio: 'ignore', ...nobody });

const services = {
  postgres: {
    debian: 'postgresql',
    binaries: ['postgres', 'initdb'],
    start(folder, port) {
      const data = join(folder, 'data');
      run('initdb', ['-D', data, '-U', 'app', '-A', 'trust', '-E', 'UTF8', '--no-sync'], folder);
      const args = ['-D', data, '-p', `${port}`, '-k', folder, '-h', '127.0.0.1', '-c', 'fsync=off'];
      return launch('postgres', args, folder);
    },
  },
  mariadb: {
    debian: 'mariadb-server',
    binaries: ['mariadbd', 'mariadb-install-db'],
    start(folder, port) {
      const data = join(folder, 'data');
      const flags = ['--no-defaults', `--datadir=${data}`];
      run(
        'mariadb-install-db',
        [...flags, '--auth-root-authentication-method=normal', '--skip-test-db'],
        folder,
      );
      const socket = [`--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`];
      return launch(
        'mariadbd',
        [...flags, ...socket, `--port=${port}`, '--bind-address=127.0.0.1', '--skip-name-resolve'],
        folder,
      );
    },
  },
  redis: {
    debian: 'redis-server',
    binaries: ['redis-server'],
    start: (folder, port) =>
      launch(
        'redis-server',
        ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
        folder,
      ),
  },
  memcached: {
    debian: 'memcached',
    binaries: ['memcached'],
    start: (folder, port) => launch('memcached', ['-l', '127.0.0.1', '-p', `${port}`, '-U', '0'], folder),
  },
} satisfies Record<string, Service>;

export type ServiceName = keyof typeof services;

/** The Debian packages of those of `names` that are not installed. */
export function missingServices(names = Object.keys(services) as ServiceName[]): string[] {
  return names
    .filter((name) => services[name].binaries.some((binary) => !find(binary)))
    .map((name) => services[name].debian);
}

export interface RunningService {
  port: number;
  stop(): Promise<void>;
}

export async function startService(name: ServiceName): Promise<RunningService> {
  const folder = mkdtempSync(join(tmpdir(), `respan-${name}-`));
  chmodSync(folder, 0o700);
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  if (nobody.uid) for (const path of [folder, join(folder, 'data')]) chownSync(path, nobody.uid, nobody.gid);
  const port = await freePort();
  const child = await services[name].start(folder, port);
  const kill = () => void child.kill('SIGKILL');
  process.on('exit', kill);
  await isListening(port, child, name);
  return {
    port,
    async stop() {
      process.off('exit', kill);
      if (child.exitCode === null) {
        // At once: nothing of it is kept.
        child.kill(name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** A server that is starting refuses connections, and does not tell when it no longer will. */
async function isListening(port: number, child: ChildProcess, name: string): Promise<void> {
  const until = Date.now() + 90_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`${name} has ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} does not listen`);
}
