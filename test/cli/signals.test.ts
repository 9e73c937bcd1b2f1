import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { nodeBinary } from '../harness/nodes';
import { cli, fixtures } from '../harness/paths';
import { pathWith } from './cli';

const app = `${fixtures}/cli/signals.mjs`;

interface Running {
  child: ChildProcess;
  /** The first line that has this in it. */
  line(text: string): Promise<string>;
  end: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** In a session without a terminal, wherever the tests are run: Ctrl-C has a test of its own. */
function start(node: '20' | '24', command: string[], wrapper: string[] = []): Running {
  const words = [...wrapper, nodeBinary(node), cli, 'run', '--quiet', '--', ...command];
  return follow(
    spawn(words[0]!, words.slice(1), {
      detached: true,
      env: { ...process.env, NODE_OPTIONS: undefined, PATH: pathWith(node) } as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
}

function follow(child: ChildProcess): Running {
  const seen: string[] = [];
  let check = () => {};
  createInterface(child.stdout!).on('line', (line) => {
    seen.push(line);
    check();
  });
  return {
    child,
    line: (text) =>
      new Promise((resolve) => {
        check = () => {
          const found = seen.find((line) => line.includes(text));
          if (found !== undefined) resolve(found);
        };
        check();
      }),
    end: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal }))),
  };
}

describe.each(['20', '24'] as const)('signals to `respan run`, on Node %s', (node) => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    '%s reaches the command once, and its own exit code counts',
    async (signal) => {
      const { child, line, end } = start(node, ['node', app]);
      await line('ready');
      child.kill(signal);
      await line(`got ${signal}`);
      // Forwarded in order: a second one of the first would be counted before this one ends the app.
      child.kill('SIGUSR2');
      const counts = JSON.parse(await line('{'));
      expect(counts).toEqual({ SIGINT: 0, SIGTERM: 0, SIGHUP: 0, SIGQUIT: 0, [signal]: 1 });
      expect(await end).toEqual({ code: 3, signal: null });
    },
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const)(
    '%s that the command does not handle ends both by it',
    async (signal) => {
      const { child, line, end } = start(node, [
        'node',
        '-e',
        'setInterval(() => {}, 1e3); console.log("ready")',
      ]);
      await line('ready');
      child.kill(signal);
      expect(await end).toEqual({ code: null, signal });
    },
  );

  it.skipIf(spawnSync('script', ['--version']).status !== 0)(
    'Ctrl-C in a terminal reaches the command once',
    async () => {
      const typed = [
        'script',
        '-qefc',
        `exec '${nodeBinary(node)}' '${cli}' run --quiet -- node '${app}'`,
        '/dev/null',
      ];
      const { child, line, end } = follow(
        spawn(typed[0]!, typed.slice(1), {
          env: { ...process.env, PATH: pathWith(node), SHELL: '/bin/sh' },
          stdio: ['pipe', 'pipe', 'inherit'],
        }),
      );
      const parent = Number(/child of (\d+)/.exec(await line('ready'))?.[1]);
      child.stdin?.write('\u0003');
      await line('got SIGINT');
      process.kill(parent, 'SIGUSR2');
      expect(JSON.parse(await line('{'))).toEqual({ SIGINT: 1, SIGTERM: 0, SIGHUP: 0, SIGQUIT: 0 });
      expect(await end).toEqual({ code: 3, signal: null });
    },
  );
});
