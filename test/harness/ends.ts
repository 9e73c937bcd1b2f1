import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathWith } from '../cli/cli';
import { fakeOpenai } from './fake-openai';
import { type NodeName, nodeBinary } from './nodes';
import { cli, fixtures, register } from './paths';
import type { AppRun } from './run-app';
import { tempApp } from './temp-app';

/** Nothing of ours, the preload, or `respan run`. */
export type Mode = 'none' | 'preload' | 'run';

export interface EndOptions {
  node: NodeName;
  mode: Mode;
  cwd: string;
  args: string[];
  env?: Record<string, string>;
  /** Sent as soon as the app says that it is ready. */
  signal?: NodeJS.Signals | undefined;
  /** And not before this. */
  after?: Promise<unknown>;
}

export interface End extends AppRun {
  /** From the last thing the app said to the end of its process, in milliseconds. */
  millis: number;
}

/** Runs an app to its end, with nothing of the test's settings in its environment. */
export function runToEnd(options: EndOptions): Promise<End> {
  const { cwd, signal, after = Promise.resolve() } = options;
  const child = start(options);
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    let last = performance.now();
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const wasReady = stdout.includes('ready');
      stdout += text;
      last = performance.now();
      if (signal && !wasReady && stdout.includes('ready')) void after.then(() => child.kill(signal));
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), 100_000);
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      clearTimeout(timer);
      // The stack of an abort has addresses and the way node was called.
      const known = (text: string) => text.replaceAll(cwd, '<app>').replace(/0x[\da-f]{4}.*/g, '<address>');
      const millis = performance.now() - last;
      resolve({ code, signal: killedBy, stdout: known(stdout), stderr: known(stderr), millis });
    });
  });
}

function start({ node, mode, cwd, args, env }: EndOptions): ChildProcess {
  const binary = nodeBinary(node);
  const words = {
    none: [binary, ...args],
    preload: [binary, '--require', register, ...args],
    run: [binary, cli, 'run', '--quiet', '--', 'node', ...args],
  }[mode] as [string, ...string[]];
  return spawn(words[0], words.slice(1), {
    cwd,
    env: { PATH: pathWith(node), HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Answers at once, and where a stream is asked for, with two chunks and nothing more. */
const STREAM = `
const answer = Completions.prototype.create;
Completions.prototype.create = async function (body) {
  if (!body.stream) return answer.call(this, body);
  return {
    [Symbol.asyncIterator]() { return this.iterator(); },
    async *iterator() {
      for (const content of ['one ', 'two '])
        yield { id: 'c', model: body.model, choices: [{ index: 0, delta: { content }, finish_reason: null }] };
      await new Promise(() => {});
    },
  };
};
`;

/** fixtures/ends with a package that looks like openai. */
export function endsApp(): string {
  const file = (name: string) => readFileSync(`${fixtures}/ends/${name}`, 'utf8');
  const names = ['app.mjs', 'app.cjs', 'ends.cjs'];
  return tempApp({
    ...Object.fromEntries(names.map((name) => [name, file(name)])),
    ...fakeOpenai({ oddity: STREAM }),
  });
}
