import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { type ModelServer, startModelServer } from '../harness/model-server';
import { NODES, type NodeName } from '../harness/nodes';
import { asCommonJs } from '../harness/otel-apps';
import { fixtures, root } from '../harness/paths';
import { type AppRun, type RunOptions, runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';
import { tempApp } from '../harness/temp-app';

let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
});
afterAll(() => models.close());

const source = readFileSync(join(fixtures, 'in-code/program.mjs'), 'utf8');
const program = { 'app.mjs': source, 'app.cjs': asCommonJs(source), 'app.ts': `// @ts-nocheck\n${source}` };

/** A copy of the package, as npm would install it. */
function installCopy(folder: string): void {
  const target = join(folder, 'node_modules/respan');
  mkdirSync(target, { recursive: true });
  cpSync(join(root, 'package.json'), join(target, 'package.json'));
  cpSync(join(root, 'dist'), join(target, 'dist'), { recursive: true });
  link(target, '@opentelemetry/api');
}

function link(folder: string, name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), target, 'dir');
}

function programFolder(files: Record<string, string> = {}): string {
  const folder = tempApp(
    { 'package.json': '{"name":"program"}', ...program, ...files },
    { openai: 'openai-6' },
  );
  link(folder, '@opentelemetry/api');
  return folder;
}

interface Traced {
  run: AppRun;
  tree: string;
  spans: CollectedSpan[];
}

async function trace(options: RunOptions): Promise<Traced> {
  const collector = await startCollector();
  try {
    const run = await runApp({
      ...options,
      env: {
        MODEL_URL: models.url,
        RESPAN_API_KEY: 'key',
        RESPAN_BASE_URL: collector.url,
        ...options.env,
      },
    });
    const spans = collector.spans();
    const shown = ['traceloop.workflow.name', 'traceloop.entity.path', 'respan.threads.thread_identifier'];
    return { run, tree: spanTree(spans, shown), spans };
  } finally {
    await collector.close();
  }
}

const TREE = `job.workflow traceloop.workflow.name="job" respan.threads.thread_identifier="thread"
  ask.task traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
    openai.chat traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
      POST traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
  ask.task traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
    openai.chat traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
      POST traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
  words.task traceloop.workflow.name="job" traceloop.entity.path="words" respan.threads.thread_identifier="thread"
  by hand traceloop.workflow.name="job" respan.threads.thread_identifier="thread"
    count.tool traceloop.workflow.name="job" traceloop.entity.path="count" respan.threads.thread_identifier="thread"
    ask.task traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
      openai.chat traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
        POST traceloop.workflow.name="job" traceloop.entity.path="ask" respan.threads.thread_identifier="thread"
recorded
ask.task traceloop.entity.path="ask"
  openai.chat traceloop.entity.path="ask"
    POST traceloop.entity.path="ask"
failing.task ERROR traceloop.entity.path="failing"`;

const RESULT = { code: 0, signal: null, stdout: '[3,true,true,"no"]\n', stderr: '' };

const TSX = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs')];

describe.each(NODES)('the same program on Node %s', (node: NodeName) => {
  it.each([
    ['preloaded, ES modules', { app: 'app.mjs', preload: 'import' }],
    ['preloaded, CommonJS', { app: 'app.cjs', preload: 'require' }],
    ['the class in code, ES modules', { app: 'app.mjs', preload: 'none', env: { IN_CODE: '1' } }],
    ['the class in code, CommonJS', { app: 'app.cjs', preload: 'none', env: { IN_CODE: '1' } }],
    ['both, ES modules', { app: 'app.mjs', preload: 'import', env: { IN_CODE: '1' } }],
    ['preloaded, TypeScript by tsx', { app: 'app.ts', preload: 'import', flags: TSX }],
    [
      'the class in code, TypeScript by tsx',
      { app: 'app.ts', preload: 'none', flags: TSX, env: { IN_CODE: '1' } },
    ],
  ] as [string, RunOptions][])('%s', async (_, options) => {
    const cwd = programFolder();
    symlinkSync(root, join(cwd, 'node_modules/respan'), 'dir');
    const { run, tree } = await trace({ ...options, node, cwd });
    expect(run).toEqual(RESULT);
    expect(tree).toBe(TREE);
  });
});

describe('two copies of the package in one process', () => {
  it.each([
    ['the app’s, under a preload from elsewhere', { app: 'app.mjs', preload: 'import' }],
    ['the same, as CommonJS', { app: 'app.cjs', preload: 'require' }],
    ['both configuring', { app: 'app.mjs', preload: 'import', env: { IN_CODE: '1' } }],
  ] as [string, RunOptions][])('%s', async (_, options) => {
    const cwd = programFolder();
    installCopy(cwd);
    const { run, tree } = await trace({ ...options, node: '24', cwd });
    expect(run).toEqual(RESULT);
    expect(tree).toBe(TREE);
  });

  it('the app’s and one of a library it uses: one trace', async () => {
    const app = `import { getClient, RespanTelemetry, withWorkflow } from 'respan';
import { work } from 'library';
const telemetry = new RespanTelemetry({ appName: 'app' });
withWorkflow({ name: 'outer' }, work);
console.log(getClient().isRecording());
`;
    const library = `import { RespanTelemetry, withTask, getClient } from 'respan';
new RespanTelemetry({ resourceAttributes: { from: 'library' } });
export const work = () => withTask({ name: 'inner' }, () => {
  getClient().updateCurrentSpan({ attributes: { seen: getClient().isRecording() } });
});
`;
    const cwd = tempApp({
      'app.mjs': app,
      'node_modules/library/index.mjs': library,
      'node_modules/library/package.json': '{"name":"library","exports":"./index.mjs"}',
    });
    installCopy(cwd);
    installCopy(join(cwd, 'node_modules/library'));
    const { run, tree, spans } = await trace({ app: 'app.mjs', preload: 'none', cwd });
    expect(run).toEqual({ code: 0, signal: null, stdout: 'false\n', stderr: '' });
    expect(tree).toBe(
      'outer.workflow traceloop.workflow.name="outer"\n' +
        '  inner.task traceloop.workflow.name="outer" traceloop.entity.path="inner"',
    );
    expect(spans[0]?.resource).toMatchObject({ 'service.name': 'app', from: 'library' });
    expect(spans.find(({ name }) => name === 'inner.task')?.attributes.seen).toBe(true);
  });
});

describe('an app without the package, under a preload from outside', () => {
  const files = {
    'global.mjs': `const { respan } = globalThis;
console.log(Object.keys(globalThis).includes('respan'), respan === globalThis.respan);
respan.getTracer('mine').startActiveSpan('work', (span) => {
  globalThis.respan?.updateCurrentSpan({ attributes: { found: true } });
  span.end();
});
`,
    'own.mjs': `import { withTask } from 'respan';
import * as testing from "respan/testing";
const again = await import('respan');
withTask({ name: 'work' }, () => again.getClient().updateCurrentSpan({ attributes: { found: true } }));
console.log(typeof testing.traceInMemory, again.withTask === withTask);
`,
    'own.cjs': `const { withTask, getClient } = require('respan');
withTask({ name: 'work' }, () => getClient().updateCurrentSpan({ attributes: { found: true } }));
console.log(typeof require('respan/testing').traceInMemory, require('respan').withTask === withTask);
`,
    'missing.cjs': `for (const name of ['respan/nothing', 'respan-other']) {
  try { require(name) } catch (error) { console.log(error.code, error.stack.includes('dist/')) }
}
`,
  };

  it.each(NODES)('finds the running copy on Node %s', async (node) => {
    const cwd = tempApp(files);
    for (const app of ['global.mjs', 'own.mjs', 'own.cjs'] as const) {
      for (const preload of ['import', 'require'] as const) {
        const { run, spans } = await trace({ app, preload, cwd, node });
        const said = app === 'global.mjs' ? 'false true\n' : 'function true\n';
        expect(run, app).toEqual({ code: 0, signal: null, stdout: said, stderr: '' });
        expect(
          spans.map(({ attributes }) => attributes.found),
          app,
        ).toEqual([true]);
      }
    }
  });

  it('gets the errors it gets without', async () => {
    const cwd = tempApp(files);
    const bare = await runApp({ app: 'missing.cjs', preload: 'none', cwd });
    expect(await runApp({ app: 'missing.cjs', preload: 'require', cwd })).toEqual(bare);
    expect(bare.stdout).toBe('MODULE_NOT_FOUND false\nMODULE_NOT_FOUND false\n');
  });

  it('keeps a global of its own', async () => {
    const cwd = tempApp({
      'app.mjs': `globalThis.respan = 'mine';\nconsole.log(globalThis.respan, Object.keys(globalThis).includes('respan'));`,
    });
    expect((await runApp({ app: 'app.mjs', cwd })).stdout).toBe('mine true\n');
  });
});

describe('the package in an app without telemetry', () => {
  it('does nothing, loads no OpenTelemetry, and answers what its types say', async () => {
    const cwd = tempApp({
      'app.mjs': `import * as respan from 'respan';
import { createRequire } from 'node:module';
const client = respan.getClient();
const error = new RangeError('mine');
const results = [
  client.getCurrentTraceId(), client.getCurrentSpanId(), client.isRecording(), client.updateCurrentSpan({ name: 'x' }),
  client.addEvent('x'), client.recordException(error), client.getContextValue('x'), client.setContextValue('x', 1),
  client.getTracer().startActiveSpan('x', (span) => span.setAttribute('a', 1).isRecording()),
  client.getSpanBuffer('x', (buffer) => buffer.createSpan('y').name + buffer.getSpanCount()),
  client.getSpanBuffer('x').getAllSpans(),
  await client.processSpans([]), await client.flush(), await respan.flush(),
  respan.task({ name: 'x' }, (a, b) => a + b)(1, 2), respan.withWorkflow({}, () => 'ran'),
  respan.propagateAttributes({ metadata: {} }, () => 'inside'), respan.instrumentationStatus(),
];
try { respan.task(() => { throw error })() } catch (thrown) { results.push(thrown === error) }
console.log(JSON.stringify(results.map((result) => result ?? null)));
const loaded = Object.keys(createRequire(import.meta.url).cache).map((file) => file.split('/').pop());
console.log(loaded.sort().join());
`,
    });
    mkdirSync(join(cwd, 'node_modules'));
    symlinkSync(root, join(cwd, 'node_modules/respan'), 'dir');
    const { code, stdout, stderr } = await runApp({ app: 'app.mjs', preload: 'none', cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [results, loaded] = stdout.trim().split('\n');
    expect(JSON.parse(results!)).toEqual([
      ...[null, null, false, null, null, null, null, false, false, 'y0', [], false, null, null],
      ...[3, 'ran', 'inside', [], true],
    ]);
    expect(loaded).toBe('client.js,index.js');
  });
});
