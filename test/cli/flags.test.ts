import { describe, expect, it } from 'vitest';
import { readFlags } from '../../src/cli/flags';
import { settingFlags } from '../../src/cli/run/setting-flags';
import { settings } from '../../src/config/settings';
import { root } from '../harness/paths';
import { project, respan } from './cli';

const flags = [
  { name: 'app-name', value: 'NAME', description: '' },
  { name: 'quiet', short: 'q', description: '' },
];
const read = (...argv: string[]) => {
  const { values, rest } = readFlags(argv, flags);
  return { values: Object.fromEntries(values), rest };
};

describe('readFlags', () => {
  it('stops at the first word, and leaves it and all behind it alone', () => {
    expect(read('-q', 'node', '--quiet', '--', '--app-name=x', '')).toEqual({
      values: { quiet: [true] },
      rest: ['node', '--quiet', '--', '--app-name=x', ''],
    });
  });

  it('drops the first -- alone', () => {
    expect(read('--quiet', '--', '--', 'a', '--')).toEqual({
      values: { quiet: [true] },
      rest: ['--', 'a', '--'],
    });
  });

  it.each([[['--app-name', '007']], [['--app-name=007']]])('keeps the text of a value: %j', (argv) => {
    expect(read(...argv, 'x').values).toEqual({ 'app-name': ['007'] });
  });

  it('keeps every = of a value but the first, and a dash behind an =', () => {
    expect(read('--app-name=a=b=', '--app-name=--c').values).toEqual({ 'app-name': ['a=b=', '--c'] });
  });

  it.each([
    [['--app-name'], '--app-name needs a value (NAME)'],
    [['--app-name='], '--app-name needs a value (NAME)'],
    [['--app-name', '--quiet', 'x'], '--app-name needs a value (NAME)'],
    [['--app-name', '--', 'x'], '--app-name needs a value (NAME)'],
    [['--quiet=no', 'x'], '--quiet takes no value'],
    [['--quite', 'x'], 'there is no flag --quite; did you mean --quiet?'],
    [['-x'], 'there is no flag -x (flags of the command you run go behind it)'],
  ])('refuses %j', (argv, message) => {
    expect(() => read(...argv)).toThrow(message);
  });
});

it('every flag of a setting is in the help, once, with its variable', async () => {
  const { stdout, stderr, code } = await respan(['run', '--help']);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const text = /^Flags:$(.*)^Examples:$/ms.exec(stdout)?.[1]?.replace(/\s+/g, ' ') ?? '';
  for (const { name, variable } of settingFlags) {
    expect(text.split(`--${name} `)).toHaveLength(2);
    expect(text).toContain(`(${variable})`);
  }
  expect(settingFlags.map(({ name }) => name)).not.toContain('api-key');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

describe('what is typed wrong: one line, exit code 2, nothing runs', () => {
  const wrong: [string, string][] = [
    [
      'run --exporter fiel X',
      '--exporter "fiel" is not valid (expected a list of respan, otlp, file, console, none)',
    ],
    [
      'run --log-level loud X',
      '--log-level "loud" is not valid (expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL)',
    ],
    ['run --base-url ftp://x X', '--base-url "ftp://x" is not valid (expected an http:// or https:// URL)'],
    ['run --headers secret X', '--headers [redacted] is not valid (expected key=value,key2=value2)'],
    ['run --block opnai X', '--block: there is no instrument "opnai"; did you mean openai?'],
    [
      'run --instruments openai,zzzzzzzz X',
      '--instruments: there is no instrument "zzzzzzzz"; `respan instruments` lists them',
    ],
    ['run --block none X', '--block: there is no instrument "none"'],
    ['run --ap-name x X', 'there is no flag --ap-name; did you mean --app-name?'],
    ['run --api-key k X', 'there is no flag --api-key'],
    ['rnu X', 'there is no command rnu; did you mean `respan run`?'],
    ['instrument', 'there is no command instrument; did you mean `respan instruments`?'],
    ['instruments openai', 'respan instruments takes no argument (openai)'],
    ['help rnu', 'there is no command rnu; did you mean `respan run`?'],
    ['frobnicate', 'there is no command frobnicate; see respan help'],
    ['--app-name x run X', '--app-name goes behind run: respan run --app-name …'],
    ['node app.js', 'there is no command node; did you mean `respan run node app.js`?'],
  ];
  it.each(wrong)('respan %s', async (typed, message) => {
    const argv = typed.split(' ').flatMap((word) => (word === 'X' ? ['echo', 'it ran'] : [word]));
    const { code, stdout, stderr } = await respan(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.startsWith(`respan: ${message}`)).toBe(true);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it.each([[[]], [['run']], [['run', '--quiet', '--']]])('no command (%j): the short usage', async (argv) => {
    const { code, stdout, stderr } = await respan(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('usage: respan run [flags] [--] <command …>');
  });

  // Node reads --env-file behind a script as well, only to see whether the file is there (nodejs/node#54232):
  // where it is not, Node 20.7 and up end with this before any of our code runs. 20.6 leaves it to us.
  it('an --env-file that is not there', async () => {
    const early = await respan(['run', '--env-file', 'no.env', 'echo', 'it ran']);
    expect(early).toMatchObject({ code: 9, stdout: '' });
    expect(early.stderr).toMatch(/no\.env: not found/);
    const ours = await respan(['run', '--env-file', 'no.env', 'echo', 'it ran'], { node: '20.6' });
    expect(ours).toMatchObject({ code: 2, stdout: '' });
    expect(ours.stderr).toBe('respan: --env-file no.env cannot be read: there is no such file\n');
  });
});

describe('what the command finds in its environment', () => {
  const print = (...names: string[]) => [
    'node',
    '-p',
    `JSON.stringify(${JSON.stringify(names)}.map((name) => process.env[name] ?? null))`,
  ];

  it('each flag as its variable, over the real environment and every file', async () => {
    const given: Record<string, string> = {
      baseUrl: 'https://example.com/x',
      appName: '007',
      logLevel: 'warning',
      instruments: 'none',
      blockInstruments: 'openai,claude',
      modelHosts: 'models.internal:8080=openai',
      headers: 'a=b=c,d=e',
      resourceAttributes: 'team=x',
      spanPostprocessCallback: './post.mjs',
      exporter: 'none',
      tracesDir: 'a b',
    };
    const argv = Object.entries(given).flatMap(([name, value]) => {
      const { flag } = settings[name as keyof typeof settings];
      return [`--${flag}`, value];
    });
    const names = Object.keys(given).map((name) => settings[name as keyof typeof settings].variable);
    names.push('RESPAN_TRACE_CONTENT', 'RESPAN_BATCHING_ENABLED');
    const cwd = project({ 'f.env': names.map((name) => `${name}=from file`).join('\n') });
    const env = { RESPAN_APP_NAME: 'from environment', RESPAN_TRACE_CONTENT: 'true' };
    const all = ['--env-file', 'f.env', ...argv, '--no-content', '--no-batching'];
    const { stdout } = await respan(['run', '-q', ...all, ...print(...names)], { cwd, env });
    expect(JSON.parse(stdout)).toEqual([...Object.values(given), 'false', 'false']);
  });

  it('lists given in pieces as one, and the last of anything else', async () => {
    const argv = ['--block', 'openai', '--block', 'claude', '--app-name', 'a', '--app-name', 'b'];
    const { stdout } = await respan([
      'run',
      '-q',
      ...argv,
      ...print('RESPAN_BLOCK_INSTRUMENTS', 'RESPAN_APP_NAME'),
    ]);
    expect(JSON.parse(stdout)).toEqual(['openai,claude', 'b']);
  });

  it('whole env files: the real environment wins, then the last file', async () => {
    const cwd = project({
      '1.env': 'A=1\nB=1\nC=1\nexport D="two words" # comment\nRESPAN_APP_NAME=one',
      '2.env': 'B=2\nC=2\nRESPAN_APP_NAME=two',
    });
    const argv = ['--env-file', '1.env', '--env-file=2.env'];
    const { stdout } = await respan(['run', '-q', ...argv, ...print('A', 'B', 'C', 'D', 'RESPAN_APP_NAME')], {
      cwd,
      env: { C: 'real' },
    });
    expect(JSON.parse(stdout)).toEqual(['1', '2', 'real', 'two words', 'two']);
  });

  it('nothing of .env: the preload reads that by itself', async () => {
    const cwd = project({ '.env': 'A=1\nRESPAN_APP_NAME=x' });
    const { stdout } = await respan(['run', '-q', ...print('A', 'RESPAN_APP_NAME')], { cwd });
    expect(JSON.parse(stdout)).toEqual([null, null]);
  });

  it('the NODE_OPTIONS of an env file, with ours behind them', async () => {
    const cwd = project({ 'f.env': 'NODE_OPTIONS=--no-warnings' });
    const { stdout } = await respan(['run', '-q', '--env-file', 'f.env', ...print('NODE_OPTIONS')], { cwd });
    expect(JSON.parse(stdout)).toEqual([`--no-warnings --require "${root}/dist/register.js"`]);
  });
});

describe('respan --version, help, instruments', () => {
  it.each(['--version', '-v'])('%s is the version alone', async (flag) => {
    expect(await respan([flag])).toEqual({ code: 0, signal: null, stdout: '0.1.0\n', stderr: '' });
  });

  it('help, --help and -h are the same, on stdout', async () => {
    const [help, long, short] = await Promise.all([respan(['help']), respan(['--help']), respan(['-h'])]);
    expect(help?.stdout).toMatchInlineSnapshot(`
      "Usage:
        $ respan <command>

      Commands:
        run          run a command with tracing; exit code and signals are those of the command
        instruments  list the libraries that are traced, and the names to pick them by
        help         what can be typed here

      Options:
        -v, --version  Display the version
        -h, --help     Display this message

      \`respan help <command>\` says more of each.
      "
    `);
    expect([long?.stdout, short?.stdout]).toEqual([help?.stdout, help?.stdout]);
  });

  it('help of a command is what its --help says', async () => {
    const [help, flag] = await Promise.all([respan(['help', 'run']), respan(['run', '-h'])]);
    expect(help?.stdout).toContain('respan run [flags] [--] <command …>');
    expect(flag?.stdout).toBe(help?.stdout);
  });

  it('--help behind the command belongs to the command', async () => {
    const { stdout } = await respan(['run', '-q', 'echo', '--help', '--version']);
    expect(stdout).not.toContain('respan');
  });

  it('instruments has a line for each, and JSON for programs', async () => {
    const [table, json] = await Promise.all([respan(['instruments']), respan(['instruments', '--json'])]);
    const rows = JSON.parse(json?.stdout ?? '') as { id: string }[];
    expect(rows[0]).toEqual({
      id: 'openai',
      title: 'OpenAI',
      category: 'model',
      aliases: ['azure', 'azure_openai'],
      packages: [{ name: 'openai', tested: { from: '4.20.0', below: '8.0.0' } }],
    });
    const lines = table?.stdout.trimEnd().split('\n') ?? [];
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['ID', ...rows.map(({ id }) => id)]);
    expect(lines[1]).toMatch(/^openai +OpenAI +model +openai >=4\.20\.0 <8\.0\.0 +azure, azure_openai$/);
  });
});
