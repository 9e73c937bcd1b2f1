import { chmodSync, cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CollectedSpan, spansOf } from '../harness/collector';
import { fakeOpenai, IMPORT_APP, REQUIRE_APP } from '../harness/fake-openai';
import { NODES, type NodeName } from '../harness/nodes';
import { root } from '../harness/paths';
import { type AppRun, type RunOptions, runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';
import { tempApp, tempFolder } from '../harness/temp-app';

const ANSWER = 'the answer\n';

/** Runs an app whose spans go to a file, and reads them. */
async function trace(options: RunOptions): Promise<{ run: AppRun; model: CollectedSpan[] }> {
  const runFile = join(tempFolder(), 'spans.jsonl');
  const result = await runApp({ ...options, env: { RESPAN_RUN_FILE: runFile, ...options.env } });
  return { run: result, model: modelSpans(spansIn(runFile)) };
}

function spansIn(file: string): CollectedSpan[] {
  try {
    return spansOf(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

async function expectTraced(options: RunOptions, calls = 1): Promise<void> {
  const { run: result, model } = await trace(options);
  expect(result).toEqual({ code: 0, signal: null, stdout: ANSWER.repeat(calls), stderr: '' });
  expect(model.map(({ name }) => name)).toEqual(Array(calls).fill('openai.chat'));
}

/** Both ways of hooking. */
const BOTH: NodeName[] = ['20', '24'];

describe.each(BOTH)('libraries that behave oddly, on Node %s', (node) => {
  const APPS = [
    ['commonjs', 'app.cjs', REQUIRE_APP],
    ['module', 'app.mjs', IMPORT_APP],
  ] as const;

  describe.each(APPS)('%s', (format, app, source) => {
    it.each([
      [
        'a frozen prototype',
        'Object.freeze(Completions.prototype);',
        /^respan: openai@5\.0\.0 is not traced: /,
      ],
      [
        'a method that is a getter and throws',
        "Object.defineProperty(Completions.prototype, 'create', { get() { if (new Error().stack.includes('dist')) throw new Error('look away'); return async () => ({ choices: [{ message: { content: 'the answer' } }] }); } });",
        /^respan: openai@5\.0\.0 is not traced: look away\n/,
      ],
    ])('%s: unpatched, one line, the app runs', async (_, oddity, line) => {
      const folder = tempApp({ ...fakeOpenai({ format, oddity }), [app]: source });
      const { run: result, model } = await trace({ app, cwd: folder, node });
      expect(result).toMatchObject({ code: 0, stdout: ANSWER });
      expect(result.stderr).toMatch(line);
      expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(model).toEqual([]);
    });

    it('frozen exports: traced all the same', async () => {
      const oddity = format === 'commonjs' ? 'module.exports = Object.freeze({ Completions });' : '';
      const files = fakeOpenai({ format, oddity });
      const path = 'node_modules/openai/resources/chat/completions/completions.js';
      files[path] = files[path]?.replace('exports.Completions = Completions;', '') ?? '';
      if (format === 'module') files[path] += '\n';
      const folder = tempApp({ ...files, [app]: source });
      await expectTraced({ app, cwd: folder, node });
    });

    it('an unknown major: tried, and called untested in the debug log', async () => {
      const folder = tempApp({ ...fakeOpenai({ format, version: '99.1.0' }), [app]: source });
      await expectTraced({ app, cwd: folder, node });
      const { run: loud } = await trace({ app, cwd: folder, node, env: { RESPAN_LOG_LEVEL: 'DEBUG' } });
      expect(loud.stderr).toContain('openai@99.1.0 untested: ');
    });

    it('an unknown major that cannot be patched: the line says that it is untested', async () => {
      const oddity = 'Object.freeze(Completions.prototype);';
      const folder = tempApp({ ...fakeOpenai({ format, version: '99.1.0', oddity }), [app]: source });
      const { run: result } = await trace({ app, cwd: folder, node });
      expect(result.stderr).toMatch(/^respan: openai@99\.1\.0 is not traced \(untested version: .*\): .*\n$/);
    });

    it('another name (npm i oai@npm:openai)', async () => {
      const folder = tempApp({
        ...fakeOpenai({ format, folder: 'node_modules/oai' }),
        [app]: source.replace("'openai'", "'oai'"),
      });
      await expectTraced({ app, cwd: folder, node });
    });

    it('the layout of pnpm', async () => {
      const folder = tempApp({
        ...fakeOpenai({ format, folder: 'node_modules/.pnpm/openai@5.0.0_zod@3.25.0/node_modules/openai' }),
        [app]: source,
      });
      symlinkSync(
        '.pnpm/openai@5.0.0_zod@3.25.0/node_modules/openai',
        join(folder, 'node_modules/openai'),
        'dir',
      );
      await expectTraced({ app, cwd: folder, node });
    });

    it('spaces, letters and signs in the path', async () => {
      const folder = join(tempFolder(), 'my app ü 日本 #1 100%25 [x]');
      tempApp({ ...fakeOpenai({ format }), [app]: source }, {}, folder);
      await expectTraced({ app, cwd: folder, node });
    });

    it('a project that is a symbolic link, seen as one and through --preserve-symlinks', async () => {
      const folder = tempApp({ ...fakeOpenai({ format }), [app]: source });
      const link = join(tempFolder(), 'link');
      symlinkSync(folder, link, 'dir');
      await expectTraced({ app: join(link, app), node });
      await expectTraced({
        app: join(link, app),
        node,
        flags: ['--preserve-symlinks', '--preserve-symlinks-main'],
      });
    });

    it('no HOME, a working directory that nobody can write to', async () => {
      const folder = tempApp({ ...fakeOpenai({ format }), [app]: source });
      const cwd = tempFolder();
      chmodSync(cwd, 0o555);
      await expectTraced({
        app: join(folder, app),
        cwd,
        node,
        env: { HOME: undefined, USERPROFILE: undefined },
      });
    });
  });

  it('is imported with a query, twice: two modules, two spans', async () => {
    const entry = 'node_modules/openai/resources/chat/completions/completions.js';
    const folder = tempApp({
      ...fakeOpenai({ format: 'module' }),
      'app.mjs': `for (const query of ['?a=1', '?b=%20']) {
        const { Completions } = await import('./${entry}' + query);
        const answer = await new Completions({ baseURL: 'http://127.0.0.1:1' }).create({ model: 'm', messages: [] });
        console.log(answer.choices[0].message.content);
      }`,
    });
    await expectTraced({ app: 'app.mjs', cwd: folder, node }, 2);
  });

  it('was loaded before us: its classes are patched then', async () => {
    const folder = tempApp({ ...fakeOpenai(), 'app.cjs': REQUIRE_APP, 'early.cjs': "require('openai');" });
    await expectTraced({
      app: 'app.cjs',
      cwd: folder,
      node,
      flags: ['--require', './early.cjs'],
      preload: 'require',
    });
  });

  it('is called in a worker: its span arrives, the worker ends by itself', async () => {
    const folder = tempApp({
      ...fakeOpenai(),
      'call.cjs': REQUIRE_APP,
      'app.mjs': `import { Worker } from 'node:worker_threads';
        const worker = new Worker(new URL('./call.cjs', import.meta.url));
        worker.on('exit', (code) => { process.exitCode = code; });`,
    });
    for (const preload of ['import', 'require', 'node-options'] as const) {
      await expectTraced({ app: 'app.mjs', cwd: folder, node, preload });
    }
  });

  it('is loaded by two copies of this package: hooked by one', async () => {
    const folder = tempApp({ ...fakeOpenai(), 'app.cjs': REQUIRE_APP });
    const copy = tempFolder();
    cpSync(join(root, 'dist'), copy, { recursive: true });
    await expectTraced({
      app: 'app.cjs',
      cwd: folder,
      node,
      flags: ['--require', join(copy, 'register.js')],
    });
    const { run: loud } = await trace({
      app: 'app.cjs',
      cwd: folder,
      node,
      flags: ['--require', join(copy, 'register.js')],
      env: { RESPAN_LOG_LEVEL: 'debug' },
    });
    expect(loud.stderr).toContain('already running (version ');
  });
});

describe('streams and codes of the app', () => {
  const APPS: Record<string, string> = {
    'throws.cjs': `function inner() { throw new TypeError('at the top') }\nprocess.stdout.write('before');\ninner();`,
    'throws.mjs': `function inner() { throw new TypeError('at the top') }\nprocess.stdout.write('before');\ninner();`,
    'missing.cjs': `require('./not-here.js');`,
    'missing.mjs': `import './not-here.js';`,
    'missing-package.mjs': `import 'not-a-package';`,
    'missing-package.cjs': `require('not-a-package');`,
    'not-exported.cjs': `require('exporting/inner.js');`,
    'not-exported.mjs': `import 'exporting/inner.js';`,
    // Nothing of ours is left behind once a library has loaded, or was only looked up.
    'loader.cjs': `require('openai/package.json'); require('openai'); console.log(String(require('module').prototype._compile));`,
    'missing-export.mjs': `import { nothing } from './empty.mjs';`,
    'syntax.cjs': `const a = ;`,
    'syntax.mjs': `const a = ;`,
    'imports-syntax.mjs': `import './syntax.mjs';`,
    'rejects.cjs': `console.log('x'); Promise.reject(new RangeError('nobody looks'));`,
    'rejects.mjs': `console.log('x'); Promise.reject(new RangeError('nobody looks')); await 1;`,
    'unsettled.mjs': `await new Promise(() => {});`,
    'code.cjs': `process.exitCode = 9; console.error('on stderr');`,
    'exit.mjs': `console.log('bye'); process.exit(4);`,
    'signal.cjs': `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`,
    'warning.cjs': `process.emitWarning('careful', { code: 'APP001' }); new Buffer(1);`,
    'stack.cjs': `console.log(new Error('here').stack);`,
    'library.cjs': `require('openai').throwing();`,
    'library.mjs': `import OpenAI from 'openai'; OpenAI.throwing();`,
  };

  const comparable = (result: AppRun): AppRun => ({
    ...result,
    stderr: result.stderr.replace(/\(node:\d+\)/g, '(node:PID)'),
  });

  it.each(NODES)('are byte for byte the same on Node %s', async (node) => {
    const library = fakeOpenai();
    library['node_modules/openai/index.js'] +=
      `OpenAI.throwing = () => { throw new Error('in the library') };\n`;
    const exporting = {
      'node_modules/exporting/package.json': '{"name":"exporting","exports":{".":"./index.js"}}',
      'node_modules/exporting/inner.js': '',
    };
    const folder = tempApp({ ...APPS, 'empty.mjs': '', ...library, ...exporting, 'nothing.cjs': '' });
    for (const app of Object.keys(APPS)) {
      const runIt = async (preload: 'none' | 'require' | 'import', flags: string[] = []) =>
        comparable(await runApp({ app, cwd: folder, node, preload, flags }));
      expect(await runIt('require'), `${app} --require`).toEqual(await runIt('none'));
      // --import alone makes Node start CommonJS through its ESM loader, which shows in stack traces.
      const nothing = ['--import', join(folder, 'nothing.cjs')];
      expect(await runIt('import'), `${app} --import`).toEqual(await runIt('none', nothing));
    }
  });
});

describe('engines that are not supported', () => {
  /** Runs the preload with other `process.versions`, as another engine would have them. */
  async function pretend(versions: Record<string, string | undefined>): Promise<AppRun> {
    const folder = tempApp({
      ...fakeOpenai(),
      'pretend.cjs': `Object.defineProperty(process, 'versions', { value: { ...process.versions, ...${JSON.stringify(versions)} } });`,
      'app.cjs': REQUIRE_APP,
    });
    return runApp({ app: 'app.cjs', cwd: folder, flags: ['--require', './pretend.cjs'], preload: 'require' });
  }

  it.each([
    [{ node: '18.20.8' }, 'Node 18.20.8 is not supported (20.6 or newer is); the app runs untraced'],
    [{ node: '20.5.1' }, 'Node 20.5.1 is not supported (20.6 or newer is); the app runs untraced'],
    [{ bun: '1.3.0' }, 'Bun is not supported; the app runs untraced'],
    [{ deno: '2.5.0' }, 'Deno is not supported; the app runs untraced'],
  ])('%j: one line, and the app runs', async (versions, line) => {
    expect(await pretend(versions)).toEqual({
      code: 0,
      signal: null,
      stdout: ANSWER,
      stderr: `respan: ${line}\n`,
    });
  });

  it('a real Node 18: one line, and the app runs', async () => {
    const folder = tempApp({ ...fakeOpenai(), 'app.cjs': REQUIRE_APP });
    for (const preload of ['require', 'import', 'node-options'] as const) {
      const result = await runApp({ app: 'app.cjs', cwd: folder, node: '18', preload });
      expect(result).toEqual({
        code: 0,
        signal: null,
        stdout: ANSWER,
        stderr: 'respan: Node 18.20.8 is not supported (20.6 or newer is); the app runs untraced\n',
      });
    }
  });

  it('the oldest that is supported runs', async () => {
    const folder = tempApp({ ...fakeOpenai(), 'app.cjs': REQUIRE_APP, 'app.mjs': IMPORT_APP });
    for (const app of ['app.cjs', 'app.mjs']) await expectTraced({ app, cwd: folder, node: '20.6' });
  });
});
