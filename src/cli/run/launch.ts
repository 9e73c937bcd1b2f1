import { type ChildProcess, type SpawnOptions, spawn } from 'child_process';
import { findProgram } from './find-program';
import { relayMessages } from './messages';
import { forwardSignals } from './signals';

export type Ending =
  | { code: number; pid: number | undefined }
  | { signal: NodeJS.Signals; pid: number | undefined }
  | { code: number; failure: string };

/** Runs the command with our own stdin, stdout and stderr until it ends. */
export function launch(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  onStart?: (pid: number | undefined) => void,
): Promise<Ending> {
  const [name = '', ...args] = command;
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => resolve(failure(name, error, env.PATH));
    // No `file ''` is found anywhere; spawn would call it a bug of ours.
    if (name === '') return fail(Object.assign(new Error(), { code: 'ENOENT' }));
    let child: ChildProcess | undefined;
    // Before the spawn: a signal in between must not end us and leave the command alone.
    const stopForwarding = forwardSignals((signal) => child?.kill(signal));
    try {
      child = start(name, args, { stdio: process.send ? [0, 1, 2, 'ipc'] : 'inherit', env });
      onStart?.(child.pid);
      if (process.send) relayMessages(child);
    } catch (error) {
      stopForwarding();
      return fail(error as NodeJS.ErrnoException);
    }
    child.once('error', (error) => {
      // Also raised for a signal that could not be sent, while the command goes on.
      if (child?.pid !== undefined) return;
      stopForwarding();
      fail(error);
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      const pid = child?.pid;
      resolve(signal ? { signal, pid } : { code: code ?? 1, pid });
    });
  });
}

/** On Windows most commands are .cmd files, which need their arguments escaped for cmd.exe. */
function start(name: string, args: string[], options: SpawnOptions): ChildProcess {
  if (process.platform !== 'win32') return spawn(name, args, options);
  const crossSpawn = require('cross-spawn') as typeof import('cross-spawn');
  return crossSpawn(name, args, options);
}

/** The exit codes of a shell: 127 not found, 126 found and not executable. */
function failure(name: string, error: NodeJS.ErrnoException, path: string | undefined): Ending {
  if (error.code === 'ENOENT') {
    const found = findProgram(name, path);
    return found === undefined
      ? { code: 127, failure: `command not found: ${name || "''"}` }
      : { code: 126, failure: `${found} cannot be run: the interpreter in its first line does not exist` };
  }
  const reason = error.code === 'EACCES' ? 'it is not executable' : error.message;
  return { code: 126, failure: `${name} cannot be run: ${reason}` };
}
