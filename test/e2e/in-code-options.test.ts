import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { type ModelServer, startModelServer } from '../harness/model-server';
import { treeFolder } from '../harness/otel-apps';
import { root } from '../harness/paths';
import { type AppRun, type RunOptions, runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';
import { tempApp } from '../harness/temp-app';

let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
});
afterAll(() => models.close());

interface Result {
  run: AppRun;
  tree: string;
  spans: CollectedSpan[];
  requests: { url: string; spans: number; headers: Record<string, unknown> }[];
}

const HEAD = `import OpenAI from 'openai';
import * as respan from 'respan';
import { getClient, RespanTelemetry, withTask } from 'respan';
const url = process.env.COLLECTOR;
const openai = new OpenAI({ apiKey: 'k', baseURL: process.env.MODEL_URL + '/v1', maxRetries: 0 });
const ask = () => openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'secret' }] });
`;

/** Runs an app of these lines, with the package and openai installed, against a collector of its own. */
async function trace(lines: string, options: Partial<RunOptions> & { head?: string } = {}): Promise<Result> {
  const { head = HEAD, ...rest } = options;
  const collector = await startCollector();
  try {
    const cwd = rest.cwd ?? tempApp({ 'app.mjs': head + lines }, { openai: 'openai-6' });
    if (!rest.cwd) install(cwd);
    const run = await runApp({
      app: 'app.mjs',
      preload: 'import',
      node: '24',
      ...rest,
      cwd,
      env: { COLLECTOR: collector.url, MODEL_URL: models.url, ...rest.env },
    });
    const spans = collector.spans();
    const requests = collector.requests.map(({ url, headers, body }) => ({
      url,
      headers,
      spans: (body.toString().match(/"spanId"/g) ?? []).length,
    }));
    return { run, tree: spanTree(spans), spans, requests };
  } finally {
    await collector.close();
  }
}

function install(cwd: string): void {
  mkdirSync(join(cwd, 'node_modules'), { recursive: true });
  symlinkSync(root, join(cwd, 'node_modules/respan'), 'dir');
}

/** Everything of the spans that could hold what was said. */
const contentOf = ({ spans }: Result) =>
  JSON.stringify(spans.map(({ attributes, events, status }) => [attributes, events, status]));

const clean = (run: AppRun) => expect(run).toMatchObject({ code: 0, signal: null, stderr: '' });

describe.each(['import', 'none'] as const)('options, preload: %s', (preload) => {
  it('win over variables', async () => {
    const result = await trace(
      `new RespanTelemetry({ appName: 'code', apiKey: 'key', baseUrl: url, headers: { 'x-team': 'blue' }, resourceAttributes: { env: 'test' }, traceContent: false });
await ask();
`,
      {
        preload,
        env: {
          RESPAN_APP_NAME: 'env',
          RESPAN_API_KEY: 'other',
          RESPAN_TRACE_CONTENT: 'true',
          RESPAN_BASE_URL: 'http://127.0.0.1:1',
        },
      },
    );
    clean(result.run);
    expect(result.tree).toBe('openai.chat\n  POST');
    expect(result.spans[0]?.resource).toMatchObject({ 'service.name': 'code', env: 'test' });
    expect(contentOf(result)).not.toContain('secret');
    expect(result.requests[0]).toMatchObject({
      url: '/api/v2/traces',
      headers: { authorization: 'Bearer key', 'x-team': 'blue' },
    });
  });

  it('later ones win over earlier ones, also after the first span', async () => {
    const result = await trace(
      `const telemetry = new RespanTelemetry({ appName: 'first', apiKey: 'one', baseUrl: url });
withTask({ name: 'before' }, () => {});
new RespanTelemetry({ appName: 'second', apiKey: 'two' });
withTask({ name: 'after' }, () => {});
await telemetry.flush();
`,
      { preload },
    );
    clean(result.run);
    const shown = result.requests.map(({ headers }) => headers.authorization).sort();
    expect(shown).toEqual(['Bearer one', 'Bearer two']);
    expect(result.spans.map(({ name }) => name).sort()).toEqual(['after.task', 'before.task']);
  });

  it('instruments: what is blocked makes no spans, however early it was patched', async () => {
    const block = `new RespanTelemetry({ apiKey: 'k', baseUrl: url, blockInstruments: [respan.Instruments.REQUESTS, respan.Instruments.URLLIB3, respan.Instruments.REDIS] });\n`;
    const blocked = await trace(`${block}await ask();\n`, { preload });
    clean(blocked.run);
    expect(blocked.tree).toBe('openai.chat');

    const none = await trace(
      `new RespanTelemetry({ apiKey: 'k', baseUrl: url, instruments: [] });
await withTask({ name: 'work' }, ask);
getClient().getTracer().startSpan('hand').end();
`,
      { preload },
    );
    clean(none.run);
    expect(none.tree).toBe('work.task\nhand');

    const only = await trace(
      `new RespanTelemetry({ apiKey: 'k', baseUrl: url, instruments: new Set(['openai']) });
await ask();
`,
      { preload, env: { RESPAN_INSTRUMENTS: 'anthropic' } },
    );
    clean(only.run);
    expect(only.tree).toBe('openai.chat');
  });

  it('isEnabled: false is a no-op', async () => {
    const result = await trace(
      `const telemetry = new RespanTelemetry({ apiKey: 'k', baseUrl: url, isEnabled: false });
telemetry.addProcessor({ exporter: { export() { console.log('never') } } });
await withTask({ name: 'work' }, ask);
console.log(getClient().isRecording(), getClient().getCurrentTraceId());
await telemetry.flush();
await telemetry.shutdown();
`,
      { preload },
    );
    expect(result.run).toEqual({ code: 0, signal: null, stdout: 'false undefined\n', stderr: '' });
    expect(result.requests).toEqual([]);
  });

  it('spanPostprocessCallback sees each span before it leaves', async () => {
    const result = await trace(
      `new RespanTelemetry({ apiKey: 'k', baseUrl: url, spanPostprocessCallback(span) {
  for (const key of Object.keys(span.attributes)) {
    if (typeof span.attributes[key] === 'string') span.attributes[key] = span.attributes[key].replaceAll('secret', '***');
  }
} });
await ask();
`,
      { preload },
    );
    clean(result.run);
    expect(contentOf(result)).toContain('***');
    expect(contentOf(result)).not.toContain('secret');
  });

  it('what makes no sense is said in one line each, and the app runs', async () => {
    const result = await trace(
      `for (let i = 0; i < 2; i++) new RespanTelemetry({ appname: 'x', logLevel: 'LOUD', instruments: ['opnai'], exporter: 'none' });
await ask();
console.log('ran');
`,
      { preload },
    );
    expect(result.run).toMatchObject({ code: 0, stdout: 'ran\n' });
    expect(result.run.stderr.trim().split('\n')).toEqual([
      'respan: RespanTelemetry has no option "appname"; did you mean appName?',
      'respan: option logLevel: "LOUD" is not valid (expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL); using RESPAN_LOG_LEVEL or INFO',
      'respan: RESPAN_INSTRUMENTS: there is no instrument "opnai"; did you mean openai?',
    ]);
  });

  it('after a shutdown nothing is recorded, until it is configured again', async () => {
    const result = await trace(
      `const telemetry = new RespanTelemetry({ apiKey: 'k', baseUrl: url });
withTask({ name: 'one' }, () => {});
await telemetry.shutdown();
withTask({ name: 'two' }, () => {});
new RespanTelemetry({ apiKey: 'k', baseUrl: url });
withTask({ name: 'three' }, () => {});
`,
      { preload },
    );
    clean(result.run);
    expect(result.tree).toBe('one.task\nthree.task');
  });
});

describe('exporters', () => {
  it('the spans of a buffer go out in one request, with batching and without', async () => {
    for (const isBatchingEnabled of [true, false]) {
      const result = await trace(
        `new RespanTelemetry({ apiKey: 'k', baseUrl: url, isBatchingEnabled: ${isBatchingEnabled} });
const spans = getClient().getSpanBuffer('batch', (buffer) => {
  for (let i = 0; i < 600; i++) buffer.createSpan('step ' + i);
  return buffer.getAllSpans();
});
console.log(await getClient().processSpans(spans));
`,
      );
      expect(result.run).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
      expect(result.requests.map(({ spans }) => spans)).toEqual([600]);
    }
  });

  it('processSpans tells where a destination failed', async () => {
    const result = await trace(
      `new RespanTelemetry({ exporter: { export(spans, done) { done({ code: 1, error: new Error('full') }) } } });
console.log(await getClient().processSpans([getClient().getSpanBuffer('x').createSpan('y')]));
`,
    );
    expect(result.run).toMatchObject({ code: 0, stdout: 'false\n' });
    expect(result.run.stderr).toBe(
      "respan: the app's exporter failed: full\n" +
        "respan: 1 span is lost on its way to the app's exporter: 1 could not be delivered; 0 arrived\n",
    );
  });

  it('those of this package, and the names among the options', async () => {
    const result = await trace(
      `const telemetry = new RespanTelemetry({ exporter: 'file', tracesDir: 'out' });
telemetry.addProcessor({ exporter: new respan.RespanSpanExporter({ endpoint: url, apiKey: 'prod' }), name: 'production' });
telemetry.addProcessor({ exporter: new respan.FileSpanExporter('own/spans.jsonl') });
telemetry.addProcessor({ exporter: new respan.ConsoleSpanExporter(), name: 'console' });
withTask({ name: 'default' }, () => {});
withTask({ name: 'prod', processors: 'production' }, () => {});
withTask({ name: 'shown', processors: 'console' }, () => {});
await telemetry.flush();
const { readFileSync, readdirSync } = await import('node:fs');
const names = (file) => [...readFileSync(file, 'utf8').matchAll(/"name":"(\\w+\\.task)"/g)].map(([, name]) => name).join();
console.log(names('out/' + readdirSync('out').find((name) => name.endsWith('.jsonl'))), names('own/spans.jsonl'));
`,
    );
    expect(result.run).toMatchObject({ code: 0, stdout: 'default.task default.task,prod.task,shown.task\n' });
    expect(JSON.parse(result.run.stderr)).toMatchObject({ name: 'shown.task' });
    expect(result.tree).toBe('prod.task');
    expect(result.requests[0]?.headers.authorization).toBe('Bearer prod');
  });

  it('a file of the code’s own is where the code is when it writes, not where the process was started', async () => {
    const result = await trace(
      `const { mkdirSync, readdirSync } = await import('node:fs');
mkdirSync('elsewhere');
process.chdir('elsewhere');
const telemetry = new RespanTelemetry({ exporter: 'file', tracesDir: 'out' });
telemetry.addProcessor({ exporter: new respan.FileSpanExporter('spans.jsonl') });
withTask({ name: 'here' }, () => {});
await telemetry.flush();
console.log(readdirSync('.').join());
`,
    );
    expect(result.run).toMatchObject({ code: 0, stdout: 'spans.jsonl\n', stderr: '' });
  });

  it.each([
    ['sdk-1', '@opentelemetry/sdk-trace-base', 'new BatchSpanProcessor(exporter)'],
    ['sdk-2', '@opentelemetry/sdk-trace-base', 'new BatchSpanProcessor(exporter)'],
    ['sdk-3', '@opentelemetry/sdk-trace', 'new BatchSpanProcessor({ exporter })'],
  ])('and those of OpenTelemetry’s %s', async (tree, sdk, processor) => {
    const name = `exporters-${tree}.mjs`;
    const cwd = treeFolder(tree);
    const lines = `import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor } from '${sdk}';
import { RespanTelemetry, withTask, withWorkflow } from 'respan';
const exporter = new OTLPTraceExporter({ url: process.env.COLLECTOR + '/direct' });
const telemetry = new RespanTelemetry({ exporter });
{
  const exporter = new OTLPTraceExporter({ url: process.env.COLLECTOR + '/processor' });
  telemetry.addProcessor({ processor: ${processor}, name: 'processor' });
}
withWorkflow({ name: 'whole', processors: ['default', 'processor'] }, () => withTask({ name: 'part' }, () => {}));
await telemetry.flush();
`;
    const app = join(root, '.cache', 'own-exporters', tree, name);
    mkdirSync(dirname(app), { recursive: true });
    writeFileSync(app, lines);
    for (const [link, target] of [
      ['node_modules/@opentelemetry', join(cwd, 'node_modules/@opentelemetry')],
      ['node_modules/respan', root],
    ] as const) {
      const path = join(dirname(app), link);
      mkdirSync(dirname(path), { recursive: true });
      try {
        symlinkSync(target, path, 'dir');
      } catch {
        // There from an earlier run.
      }
    }
    const result = await trace('', { app, cwd: dirname(app), preload: 'none' });
    clean(result.run);
    expect(result.requests.map(({ url, spans }) => [url, spans]).sort()).toEqual([
      ['/direct', 2],
      ['/processor', 2],
    ]);
    const [workflow] = result.spans.filter(({ name }) => name === 'whole.workflow');
    for (const { name, parentSpanId } of result.spans) {
      if (name === 'part.task') expect(parentSpanId).toBe(workflow?.spanId);
    }
  });
});

describe('an app in one file with its libraries', () => {
  it.each(['esm', 'cjs'] as const)('hands them over with instrumentModules (%s)', async (format) => {
    const lines = `new RespanTelemetry({ apiKey: 'k', baseUrl: url, instrumentModules: { openAI: OpenAI } });
await ask();
`;
    const source = tempApp(
      { 'app.mjs': `${HEAD}async function main() {\n${lines}}\nmain();\n` },
      { openai: 'openai-6' },
    );
    install(source);
    const outfile = join(source, 'bundle', format === 'esm' ? 'app.mjs' : 'app.cjs');
    await build({
      entryPoints: [join(source, 'app.mjs')],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      format,
      external: ['respan'],
      logLevel: 'error',
    });
    expect(readFileSync(outfile, 'utf8')).not.toContain("from 'openai'");
    const result = await trace('', { app: outfile, cwd: source, preload: 'none' });
    clean(result.run);
    expect(result.tree).toBe('openai.chat\n  POST');
  });

  it('says what it cannot use', async () => {
    const result = await trace(
      `new RespanTelemetry({ exporter: 'none', instrumentModules: { openAI: class Other {}, opnai: OpenAI, redis: {} } });
await ask();
`,
      { preload: 'none' },
    );
    expect(result.run.code).toBe(0);
    expect(result.run.stderr.trim().split('\n')).toEqual([
      'respan: instrumentModules: there is no instrument "opnai"',
      'respan: instrumentModules: openAI is not openai or its main class; it is not traced',
      'respan: instrumentModules: Redis (redis) cannot be handed over yet; use the preload',
    ]);
  });
});
