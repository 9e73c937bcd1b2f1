import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spansOf } from '../harness/collector';
import { NODES } from '../harness/nodes';
import { cli, fixtures, root } from '../harness/paths';
import { modelSpans } from '../harness/span-tree';
import { type MockOpenAI, pathWith, project, respan, startMockOpenAI } from './cli';

const app = readFileSync(`${fixtures}/cli/chat.mjs`, 'utf8');

let openai: MockOpenAI;
beforeAll(async () => {
  openai = await startMockOpenAI();
});
afterAll(() => openai.close());

const chatProject = (files: Record<string, string> = {}) =>
  project({ 'chat.mjs': app, 'package.json': '{"name": "chat-app"}', ...files }, ['openai-6']);

const env = (more: Record<string, string> = {}) => ({ OPENAI_BASE_URL: openai.url, ...more });

const traceFiles = (cwd: string, folder = '.respan/traces') => readdirSync(join(cwd, folder));

function spansIn(cwd: string, folder = '.respan/traces') {
  return traceFiles(cwd, folder).flatMap((name) => spansOf(readFileSync(join(cwd, folder, name), 'utf8')));
}

/** Without what differs from run to run: durations and the file's name. */
const steady = (text: string) =>
  text.replace(/ +\d+(\.\d+)? m?s( {2}|$)/gm, '  TIME$2').replace(/\d{4}-\d\d-\d\dT[\d-]+Z-\d+/g, 'RUN');

const REPORT = `
openai.chat mock-model  TIME  1,204 → 31 tokens (1,024 cached)
openai.chat mock-model  TIME  ✗ RateLimitError: 429 Rate limit reached

respan: 4 spans, 2 model calls, 1,204 → 31 tokens (1,024 cached), 1 error, 2 HTTP spans hidden
respan: .respan/traces/RUN.jsonl
`;

describe.each(NODES)('a run on Node %s', (node) => {
  it('ends with the tree of its traces on stderr, and leaves stdout alone', async () => {
    const cwd = chatProject();
    const result = await respan(['run', '--', 'node', 'chat.mjs', '--x', 'a b'], { node, cwd, env: env() });
    expect(result.code).toBe(0);
    expect(result.stdout).toBe('["--x","a b"]\nhi there\n429\n');
    expect(steady(result.stderr)).toBe(REPORT);
    expect(modelSpans(spansIn(cwd)).map(({ name }) => name)).toEqual(['openai.chat', 'openai.chat']);
  });
});

describe('the report', () => {
  it('is silent with --quiet, and the file is written all the same', async () => {
    const cwd = chatProject();
    const { stderr } = await respan(['run', '--quiet', 'node', 'chat.mjs'], { cwd, env: env() });
    expect(stderr).toBe('');
    expect(modelSpans(spansIn(cwd))).toHaveLength(2);
  });

  it('says so when nothing was recorded', async () => {
    const cwd = project();
    const { stderr, code } = await respan(['run', 'true'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe(
      'respan: no spans were recorded; run it with --log-level debug to see which libraries were found and traced\n',
    );
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each([
    ['--exporter', 'none'],
    ['--exporter', 'console'],
  ])('is not printed with %s %s', async (...flags) => {
    const cwd = chatProject();
    const { stderr } = await respan(['run', ...flags, 'node', 'chat.mjs'], { cwd, env: env() });
    expect(stderr).not.toMatch(/respan: (no spans|\d+ spans|\.respan)/);
    expect(readdirSync(cwd)).not.toContain('.respan');
  });

  it('is not printed where spans go to a backend', async () => {
    const cwd = chatProject({ '.env': 'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9' });
    const { stdout } = await respan(['run', '--dry-run', 'node', 'chat.mjs'], { cwd, env: env() });
    expect(stdout).toContain('otlp: http://127.0.0.1:9/v1/traces');
    const { stderr } = await respan(['run', 'true'], { cwd, env: env() });
    expect(stderr).toBe('');
  });

  it('is not printed where tracing is switched off', async () => {
    const cwd = chatProject();
    const off = env({ RESPAN_ENABLED: 'false' });
    const { stderr, stdout } = await respan(['run', 'node', 'chat.mjs'], { cwd, env: off });
    expect({ stderr, stdout }).toEqual({ stderr: '', stdout: '[]\nhi there\n429\n' });
  });

  it('is coloured when that is forced, and not otherwise', async () => {
    const cwd = chatProject();
    const forced = await respan(['run', 'node', 'chat.mjs'], { cwd, env: env({ FORCE_COLOR: '1' }) });
    expect(forced.stderr).toContain('\u001b[36mmock-model\u001b[39m');
    const plain = await respan(['run', 'node', 'chat.mjs'], { cwd, env: env() });
    expect(plain.stderr).not.toContain('\u001b');
  });

  it('is printed once when runs are nested, with the spans of all of them', async () => {
    const cwd = chatProject();
    const inner = ['node', cli, 'run', 'node', 'chat.mjs'];
    const { stderr } = await respan(['run', 'sh', '-c', `${inner.join(' ')} && node chat.mjs`], {
      cwd,
      env: env(),
    });
    expect(traceFiles(cwd)).toHaveLength(1);
    expect(stderr.match(/^respan: \d+ spans/gm)).toEqual(['respan: 8 spans']);
  });

  it('is printed when the command fails or dies, which stays its end', async () => {
    const dying = `${app}\nprocess.exitCode = 4; process.on('exit', () => {});`;
    const cwd = chatProject({ 'dying.mjs': dying });
    const { code, stderr } = await respan(['run', 'node', 'dying.mjs'], { cwd, env: env() });
    expect(code).toBe(4);
    expect(steady(stderr)).toBe(REPORT);
    const killed = `node chat.mjs && kill -KILL $$`;
    const result = await respan(['run', 'sh', '-c', killed], { cwd, env: env() });
    expect(result.signal).toBe('SIGKILL');
    expect(steady(result.stderr)).toBe(REPORT);
  });
});

describe('where the file is', () => {
  it('is below --traces-dir, seen from where respan was started', async () => {
    const cwd = chatProject({ 'below/.keep': '' });
    const flags = ['--traces-dir', 'my traces', '--exporter', 'file'];
    await respan(['run', '-q', ...flags, 'sh', '-c', 'cd below && node ../chat.mjs'], { cwd, env: env() });
    expect(modelSpans(spansIn(cwd, 'my traces'))).toHaveLength(2);
  });

  it('does not matter to the app when it cannot be written', async () => {
    const cwd = chatProject({ file: '' });
    const result = await respan(['run', '--traces-dir', 'file/below', 'node', 'chat.mjs'], {
      cwd,
      env: env(),
    });
    expect(result).toMatchObject({ code: 0, stdout: '[]\nhi there\n429\n' });
    expect(result.stderr).toContain('spans cannot be written to');
  });
});

describe('what starts node', () => {
  /** One line for each process that is hooked. */
  const hooked = (stderr: string) => stderr.match(/respan: version .* hooks/g) ?? [];
  const debug = () => env({ RESPAN_LOG_LEVEL: 'debug' });

  it.each(['20', '24'] as const)('an npm script: the app is traced, npm is not (Node %s)', async (node) => {
    const manifest = JSON.stringify({
      name: 'chat-app',
      scripts: { chat: 'node chat.mjs "from the script"' },
    });
    const cwd = chatProject({ 'package.json': manifest });
    const { code, stdout, stderr } = await respan(['run', 'npm', 'run', '--silent', 'chat', '--', '-x'], {
      node,
      cwd,
      env: { ...debug(), npm_config_update_notifier: 'false' },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '["from the script","-x"]\nhi there\n429\n' });
    expect(hooked(stderr)).toHaveLength(1);
    expect(modelSpans(spansIn(cwd))).toHaveLength(2);
  });

  const typed = app.replace('const ask = (content)', 'const ask = (content: string)');

  it.each(['20', '24'] as const)('tsx (Node %s)', async (node) => {
    const cwd = chatProject({ 'chat.mts': typed });
    const path = pathWith(node, join(root, 'node_modules', '.bin'));
    const { code, stdout } = await respan(['run', 'tsx', 'chat.mts'], {
      node,
      cwd,
      env: env({ PATH: path }),
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '[]\nhi there\n429\n' });
    expect(modelSpans(spansIn(cwd))).toHaveLength(2);
  });

  it.each(['20', '24'] as const)('ts-node, CommonJS (Node %s)', async (node) => {
    const options =
      '{"compilerOptions": {"module": "commonjs", "esModuleInterop": true, "skipLibCheck": true}}';
    const body = typed.replace(/^await (ask\('fail'\).*)$/m, '').replace(/^console.log\(\(await(.*)$/m, '');
    const main = `${body}\nvoid (async () => { console.log((await ask('hello')).choices[0].message.content); })();`;
    const cwd = chatProject({ 'chat.ts': main, 'tsconfig.json': options });
    const path = pathWith(node, join(root, 'node_modules', '.bin'));
    const { code, stdout, stderr } = await respan(['run', 'ts-node', '--transpile-only', 'chat.ts'], {
      node,
      cwd,
      env: env({ PATH: path }),
    });
    expect({ code, stdout, stderr: stderr.includes('rror') }).toEqual({
      code: 0,
      stdout: '[]\nhi there\n',
      stderr: false,
    });
    expect(modelSpans(spansIn(cwd))).toHaveLength(1);
  });
});
