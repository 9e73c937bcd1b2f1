import { chmodSync, mkdtempSync, rmSync } from 'fs';
import { createServer, type Socket } from 'net';
import { constants, tmpdir } from 'os';
import { join } from 'path';
import { StringDecoder } from 'string_decoder';
import { safely } from '../../config/safely';
import type { ReceivedSpans } from '../../telemetry/received-spans';
import type { Reply, Told } from '../../telemetry/span-record';
import type { Ending } from './launch';

/** Takes in the spans of the command's processes while they run, and sees to them when they are gone. */
export interface Supervisor {
  /** Where processes of the command find it. */
  path: string;
  /** The command runs, as this process. */
  started(pid: number | undefined): void;
  /** The command has ended: exports what is left. */
  end(ending: Ending): Promise<void>;
}

/** How long a process that goes on without its command is listened to for what it has written by now, in milliseconds. */
const LAST_WORDS_MILLIS = 50;
/** How long the last words of those that are gone may take to arrive. */
const ALL_READ_MILLIS = 2_000;

/** A process or thread that ended this long before the command has a reason of its own. */
const OUTLIVED_MILLIS = 1_000;

/** A process, or a thread, of the command that is connected. */
interface Connection {
  socket: Socket;
  pid: number | undefined;
  isThread: boolean;
  spans: ReceivedSpans | undefined;
}

/**
 * Undefined where there is no place for it: the processes then export by themselves. The socket is in a folder that only
 * this user can enter.
 */
export async function startSupervisor(): Promise<Supervisor | undefined> {
  // Pipes of Windows are not what a process can write to at once.
  if (process.platform === 'win32') return undefined;
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), 'respan-'));
    chmodSync(folder, 0o700);
  } catch {
    return undefined;
  }
  const path = join(folder, 'run');
  const connections = new Set<Connection>();
  let commandPid: number | undefined;
  /** Of processes that are gone. */
  const left = new Set<Connection>();
  const server = createServer((socket) => {
    const connection: Connection = { socket, pid: undefined, isThread: false, spans: undefined };
    connections.add(connection);
    read(socket, (told) => take(connection, told));
    socket.on('error', () => {});
    socket.on('close', () => {
      connections.delete(connection);
      if (connection.spans?.isGone()) {
        left.add(connection);
        setTimeout(() => {
          // The command's own reason is told when it has ended.
          if (connection.pid !== commandPid || goesOn(connection)) settle(connection, undefined);
        }, OUTLIVED_MILLIS).unref();
      }
      onClose();
    });
  });
  /** Whether it was a thread of a process that is still there. */
  function goesOn({ isThread, pid }: Connection): boolean {
    return isThread && [...connections].some((other) => other.pid === pid);
  }
  /** What it had open ends, for the reason that is known. */
  function settle(connection: Connection, ending: Ending | undefined): void {
    if (!left.delete(connection)) return;
    connection.spans?.interruptOpen(reasonOf(ending, connection));
  }
  let onClose = () => {};
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(path, () => resolve(true));
  });
  if (!isListening) {
    remove();
    return undefined;
  }
  server.on('error', () => {});
  process.on('exit', remove);

  return {
    path,
    started(pid) {
      commandPid = pid;
    },
    async end(ending) {
      // Whoever has connected is in the queue of the server by now.
      await nextTurn();
      await nextTurn();
      server.close();
      await settled(ALL_READ_MILLIS, () =>
        [...connections].every(({ pid }) => pid !== undefined && isAlive(pid)),
      );
      // What goes on without its command exports by itself from now on.
      if (connections.size > 0) {
        await settled(LAST_WORDS_MILLIS, () => connections.size === 0);
        for (const connection of connections) {
          connection.spans = undefined;
          connection.socket.destroy();
        }
      }
      for (const connection of [...left]) settle(connection, ending);
      if (hasReceived) await receivedSpans().exportReceived();
      remove();
    },
  };

  function settled(millis: number, isDone: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      onClose = () => {
        if (!isDone()) return;
        clearTimeout(timer);
        resolve();
      };
      onClose();
    });
  }
}

let hasReceived = false;

/** Its code is loaded with the first span of the run. */
function receivedSpans(): typeof import('../../telemetry/received-spans') {
  hasReceived = true;
  return require('../../telemetry/received-spans') as typeof import('../../telemetry/received-spans');
}

function take(connection: Connection, told: Told): void {
  if ('hello' in told) {
    Object.assign(connection, told.hello);
    return;
  }
  connection.spans ??= new (receivedSpans().ReceivedSpans)((reply: Reply) => {
    if (connection.socket.writable) connection.socket.write(`${JSON.stringify(reply)}\n`);
  });
  connection.spans.take(told);
}

/** Nothing where it was cut off, since its writer was killed. */
function toldIn(line: string): Told | undefined {
  try {
    return JSON.parse(line) as Told;
  } catch {
    return undefined;
  }
}

function read(socket: Socket, onTold: (told: Told) => void): void {
  const decoder = new StringDecoder('utf8');
  let pending: string[] = [];
  socket.on('data', (chunk: Buffer) => {
    const lines = decoder.write(chunk).split('\n');
    pending.push(lines[0] as string);
    if (lines.length === 1) return;
    lines[0] = pending.join('');
    pending = [lines.pop() as string];
    for (const line of lines) {
      const told = toldIn(line);
      if (told) safely('respan run', () => onTold(told));
    }
  });
}

function reasonOf(ending: Ending | undefined, { pid, isThread }: Connection): string {
  const own = isThread ? 'the end of its thread' : 'the end of its process';
  if (!ending || (isThread && 'code' in ending)) return own;
  const isCommand = 'pid' in ending && ending.pid === pid;
  if ('signal' in ending) return isCommand ? ending.signal : own;
  if (isCommand) return `exit code ${ending.code}`;
  // A shell tells of a signal by its exit code.
  const signal = Object.entries(constants.signals).find(([, number]) => number === ending.code - 128);
  return signal?.[0] ?? own;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
