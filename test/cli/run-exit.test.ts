import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeBinary } from '../harness/nodes';
import { cli, fixtures } from '../harness/paths';
import { project, respan } from './cli';

const exitWith = (code: number) => ['node', '-e', `process.exitCode = ${code}`];
/** Not node: the command may be anything. */
const dieOf = (signal: string) => ['sh', '-c', `kill -${signal} $$`];

describe.each(['20', '24'] as const)('the end of the command, on Node %s', (node) => {
  it.each([0, 1, 7, 255])('exit code %i is the exit code', async (code) => {
    const result = await respan(['run', '-q', '--', ...exitWith(code)], { node });
    expect(result).toEqual({ code, signal: null, stdout: '', stderr: '' });
  });

  it.each(['KILL', 'TERM', 'INT', 'HUP', 'SEGV', 'ABRT', 'QUIT', 'USR2'])(
    'death by SIG%s is death by the same signal',
    async (name) => {
      const result = await respan(['run', '-q', ...dieOf(name)], { node });
      expect(result).toEqual({ code: null, signal: `SIG${name}`, stdout: '', stderr: '' });
    },
  );

  it('a signal that node would survive becomes the exit code a shell gives it', async () => {
    const { code, signal } = await respan(['run', '-q', ...dieOf('USR1')], { node });
    expect({ code, signal }).toEqual({ code: 128 + 10, signal: null });
  });
});

describe('a command that cannot run', () => {
  it('is not found: one line, exit code 127', async () => {
    const result = await respan(['run', 'no-such-command', '--x']);
    expect(result).toEqual({
      code: 127,
      signal: null,
      stdout: '',
      stderr: 'respan: command not found: no-such-command\n',
    });
  });

  it('is not found when it is a path, or empty', async () => {
    const path = await respan(['run', './no/such/file']);
    expect([path.code, path.stderr]).toEqual([127, 'respan: command not found: ./no/such/file\n']);
    const empty = await respan(['run', '--', '']);
    expect([empty.code, empty.stderr]).toEqual([127, "respan: command not found: ''\n"]);
  });

  it('is found but not executable: 126', async () => {
    const cwd = project({ 'plain.txt': 'text' });
    const file = await respan(['run', './plain.txt'], { cwd });
    expect([file.code, file.stderr]).toEqual([
      126,
      'respan: ./plain.txt cannot be run: it is not executable\n',
    ]);
    const folder = await respan(['run', cwd], { cwd });
    expect(folder.code).toBe(126);
  });

  it('has no interpreter: 126', async () => {
    const cwd = project({ script: '#!/no/such/interpreter\n' });
    chmodSync(join(cwd, 'script'), 0o755);
    const { code, stderr } = await respan(['run', './script'], { cwd });
    expect(code).toBe(126);
    expect(stderr).toBe('respan: ./script cannot be run: the interpreter in its first line does not exist\n');
  });
});

describe('what the command gets', () => {
  const printArgs = ['node', '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--'];
  const words = ['--x', 'a b', '--', '-y', '', '--quiet', '--app-name=z', "it's", '$HOME', '"', '\\', 'ü'];

  it('its arguments, exactly', async () => {
    const plain = await respan(['run', '-q', ...printArgs, ...words]);
    expect(JSON.parse(plain.stdout)).toEqual(words);
    const dashed = await respan(['run', '-q', '--', ...printArgs, ...words]);
    expect(JSON.parse(dashed.stdout)).toEqual(words);
  });

  it('stdin, byte for byte', async () => {
    const input = 'first line\nzweite Zeile ü\n'.repeat(5_000);
    const { stdout, code } = await respan(['run', '-q', 'cat'], { input });
    expect(code).toBe(0);
    expect(stdout).toBe(input);
  });

  it('a script without a first line of its own runs, as it does in a shell', async () => {
    const cwd = project({ script: 'echo from the script\n' });
    chmodSync(join(cwd, 'script'), 0o755);
    expect((await respan(['run', '-q', './script'], { cwd })).stdout).toBe('from the script\n');
  });

  it.each(['20', '24'] as const)('the messages of the process that forked it (Node %s)', async (node) => {
    const app = `${fixtures}/cli/messages.mjs`;
    const child = fork(cli, ['run', '-q', nodeBinary(node), app], {
      execPath: nodeBinary(node),
      execArgv: [],
    });
    const ended = once(child, 'exit');
    expect(await once(child, 'message').then(([message]) => message)).toBe('ready');
    child.send({ text: 'ü' });
    expect(await once(child, 'message').then(([message]) => message)).toEqual({ echo: { text: 'ü' } });
    child.send({ last: true });
    expect(await once(child, 'message').then(([message]) => message)).toEqual({ echo: { last: true } });
    expect(await ended).toEqual([0, null]);
  });
});
