import { spawn } from 'node:child_process';
import { cleanEnvironment } from './run-app';

/** A process that stays until it is stopped: a server, a watcher. */
export interface LongRun {
  stdout(): string;
  /** Settles once `isSo`, or after `atMostMillis`; fails where the process ends before. */
  until(what: string, isSo: () => boolean, atMostMillis?: number): Promise<void>;
  /** Stops it, unless it has ended, and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export function startLongRun(
  command: string[],
  options: { cwd?: string; env?: Record<string, string | undefined> },
): LongRun {
  const [program = '', ...args] = command;
  const env = { ...cleanEnvironment(), ...options.env } as NodeJS.ProcessEnv;
  const child = spawn(program, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => (failure = error));
    child.on('close', () => resolve());
  });
  const hasEnded = () => failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  return {
    stdout: () => stdout,
    async until(what, isSo, atMostMillis = Number.POSITIVE_INFINITY) {
      const end = performance.now() + atMostMillis;
      while (!isSo() && performance.now() < end) {
        if (hasEnded()) throw new Error(`ended before ${what}: ${failure ?? ''}${stdout}${stderr}`);
        await untilSoon();
      }
    },
    async stop(signal = 'SIGTERM') {
      if (!hasEnded()) child.kill(signal);
      if (!failure) await ended;
    },
  };
}

/** What other processes do is looked at now and then. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await untilSoon();
}

const untilSoon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
