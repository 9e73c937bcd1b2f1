import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNodeOptions, withPreload } from '../../src/cli/run/node-options';
import { nodeBinary } from '../harness/nodes';
import { root } from '../harness/paths';
import { run } from '../harness/run-app';
import { project, respan } from './cli';

describe('parseNodeOptions', () => {
  it.each([
    ['', []],
    ['  --a   --b ', ['--a', '--b']],
    ['--require "/a b/c.js"', ['--require', '/a b/c.js']],
    ['--require=/a" "b', ['--require=/a b']],
    ['"a\\"b\\\\c"', ['a"b\\c']],
    ['a\\b', ['a\\b']],
    ['""', ['']],
  ])('%j', (text, words) => {
    expect(parseNodeOptions(text)).toEqual(words);
  });

  it.each(['"open', '"open\\'])('%j is what Node refuses', (text) => {
    expect(parseNodeOptions(text)).toBeUndefined();
  });
});

describe('withPreload', () => {
  it('is alone where there was nothing', () => {
    expect(withPreload(undefined, '/x/register.js')).toBe('--require "/x/register.js"');
    expect(withPreload(' ', '/x/register.js')).toBe('--require "/x/register.js"');
  });

  it('comes after what was there', () => {
    expect(withPreload('--max-old-space-size=4096 -r ./a', '/x/r.js')).toBe(
      '--max-old-space-size=4096 -r ./a --require "/x/r.js"',
    );
  });

  it.each([
    '--require "/x y/r.js"',
    '-r "/x y/r.js" --b',
    '--a --import "/x y/r.js"',
    '"--require=/x y/r.js"',
  ])('is not added a second time to %j', (options) => {
    expect(withPreload(options, '/x y/r.js')).toBe(options);
  });

  it('is added where the same file is the value of something else', () => {
    expect(withPreload('--title /x/r.js', '/x/r.js')).toBe('--title /x/r.js --require "/x/r.js"');
  });

  it('leaves alone what Node is going to refuse', () => {
    expect(withPreload('--require "./a', '/x/r.js')).toBe('--require "./a');
  });
});

describe.each(['20', '24'] as const)('a child on Node %s', (node) => {
  const isTraced = ['node', '-e', "console.log(Symbol.for('respan') in globalThis)"];

  it('is traced from any path, with spaces, quotes, backslashes and letters of any language', async () => {
    const folder = join(project(), `sp ace`, `q"uo'te`, 'back\\slash', '$HOME %20 ünï 日本');
    cpSync(`${root}/dist`, folder, { recursive: true });
    const { stdout, stderr } = await respan(['run', '-q', ...isTraced], {
      node,
      entry: join(folder, 'cli.js'),
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'true\n', stderr: '' });
  });

  it('keeps the NODE_OPTIONS of the environment', async () => {
    const cwd = project({ 'a b.cjs': 'globalThis.first = 1' });
    const env = { NODE_OPTIONS: '--require "./a b.cjs" --no-warnings' };
    const print = 'console.log(globalThis.first, process.env.NODE_OPTIONS)';
    const { stdout } = await respan(['run', '-q', 'node', '-e', print], { node, cwd, env });
    expect(stdout).toBe(`1 --require "./a b.cjs" --no-warnings --require "${root}/dist/register.js"\n`);
  });

  it('has one preload when runs are nested', async () => {
    const print = ['node', '-e', 'console.log(process.env.NODE_OPTIONS)'];
    const inner = ['node', `${root}/dist/cli.js`, 'run', '--', ...print];
    const { stdout } = await respan(['run', '-q', ...inner], { node });
    expect(stdout).toBe(`--require "${root}/dist/register.js"\n`);
  });
});

it('a child runs untraced, and it is said, where the preload is not there', async () => {
  const folder = project();
  cpSync(`${root}/dist`, folder, { recursive: true, filter: (path) => !path.endsWith('register.js') });
  const { code, stdout, stderr } = await respan(
    ['run', 'node', '-e', 'console.log(1); process.exitCode = 5'],
    {
      entry: join(folder, 'cli.js'),
    },
  );
  expect({ code, stdout }).toEqual({ code: 5, stdout: '1\n' });
  expect(stderr).toBe(
    `respan: ${join(folder, 'register.js')} cannot be read (ENOENT); the command runs untraced\n`,
  );
});

it('the command line itself is not hooked, however it is started', async () => {
  const env = { NODE_OPTIONS: `--require "${root}/dist/register.js"`, RESPAN_LOG_LEVEL: 'debug' };
  const { stdout, stderr } = await run(nodeBinary('20'), [`${root}/dist/cli.js`, '--version'], { env });
  expect({ stdout, stderr }).toEqual({ stdout: '0.1.0\n', stderr: '' });
});
