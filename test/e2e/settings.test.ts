import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settings } from '../../src/config/settings';
import { standard } from '../../src/config/standard';
import { type CollectedSpan, type Collector, startCollector } from '../harness/collector';
import { modelApp } from '../harness/model-app';
import { NODES } from '../harness/nodes';
import { type AppRun, runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';

const ANSWER = 'the answer\n';

interface Traced {
  run: AppRun;
  collector: Collector;
  model: CollectedSpan[];
}

/** Runs the app of `folder` with its spans sent to a collector. */
async function trace(env: Record<string, string>, folder = modelApp(), node?: '20' | '24'): Promise<Traced> {
  const collector = await startCollector();
  try {
    const run = await runApp({
      app: 'app.mjs',
      cwd: folder,
      node,
      env: { RESPAN_API_KEY: 'k', RESPAN_BASE_URL: collector.url, ...env },
    });
    return { run, collector, model: modelSpans(collector.spans()) };
  } finally {
    await collector.close();
  }
}

describe('an invalid value in every variable', () => {
  const INVALID: Record<string, string> = {
    ...Object.fromEntries(Object.keys(standard).map((name) => [name, 'not!valid'])),
    RESPAN_API_KEY: 'two words',
    RESPAN_BASE_URL: 'not a url',
    RESPAN_APP_NAME: 'two\nlines',
    RESPAN_LOG_LEVEL: 'loud',
    RESPAN_BATCHING_ENABLED: 'perhaps',
    RESPAN_ENABLED: 'perhaps',
    RESPAN_INSTRUMENTS: 'opnai,anthropic,openai',
    RESPAN_BLOCK_INSTRUMENTS: 'qwertyuiop',
    RESPAN_MODEL_HOSTS: 'https://no.host/',
    RESPAN_HEADERS: 'no pairs',
    RESPAN_RESOURCE_ATTRIBUTES: 'no pairs',
    RESPAN_SPAN_POSTPROCESS: './does-not-exist.mjs',
    RESPAN_TRACE_CONTENT: 'perhaps',
    RESPAN_EXPORTER: 'nowhere',
    RESPAN_TRACES_DIR: 'two\nlines',
    RESPAN_SHUTDOWN_TIMEOUT: 'soon',
    RESPAN_REDACT: '/(/',
    RESPAN_MAX_QUEUE_BYTES: 'lots',
    RESPAN_MAX_BATCH_BYTES: 'lots',
    RESPAN_MAX_SPANS_PER_TRACE: 'many',
    RESPAN_SPOOL_DIR: 'two\nlines',
    RESPAN_MAX_SPOOL_BYTES: 'lots',
    OTEL_SDK_DISABLED: 'perhaps',
    OTEL_SERVICE_NAME: 'two\nlines',
    OTEL_RESOURCE_ATTRIBUTES: 'no pairs',
    OTEL_LOG_LEVEL: 'loud',
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'perhaps',
    TRACELOOP_TRACE_CONTENT: 'perhaps',
  };

  it.each(NODES)('is one line each; the app runs to its normal end (Node %s)', async (node) => {
    for (const { variable } of Object.values(settings)) expect(INVALID).toHaveProperty(variable);
    const run = await runApp({ app: 'app.mjs', cwd: modelApp(), env: INVALID, node });
    expect(run).toMatchObject({ code: 0, signal: null, stdout: ANSWER });
    const lines = run.stderr.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^respan: /);
    for (const name of Object.keys(INVALID)) {
      const about = lines.filter(
        (line) => line.startsWith(`respan: ${name}=`) || line.startsWith(`respan: ${name}:`),
      );
      expect(about, name).toHaveLength(1);
    }
    // And the one that says that nothing is configured.
    expect(lines).toHaveLength(Object.keys(INVALID).length + 1);
    expect(run.stderr).toContain('there is no instrument "opnai"; did you mean openai?');
  });
});

describe('.env', () => {
  it('gives RESPAN_* and OTEL_* to us and nothing to the app; the real environment wins', async () => {
    const folder = modelApp({
      '.env': [
        'RESPAN_APP_NAME="from the file"',
        'RESPAN_RESOURCE_ATTRIBUTES=team=file',
        'OTEL_RESOURCE_ATTRIBUTES=stage=dev,team=otel',
        'TRACELOOP_TRACE_CONTENT=false',
        'OPENAI_API_KEY=from-the-file',
        'NODE_ENV=file',
      ].join('\n'),
      'show.mjs': `import './app.mjs';
        const names = /^(RESPAN|OTEL|TRACELOOP|OPENAI|NODE)_/;
        console.log(JSON.stringify(Object.keys(process.env).filter((name) => names.test(name)).sort()));`,
    });
    const collector = await startCollector();
    const env = {
      RESPAN_API_KEY: 'k',
      RESPAN_BASE_URL: collector.url,
      RESPAN_RESOURCE_ATTRIBUTES: 'team=real',
    };
    const run = await runApp({ app: 'show.mjs', cwd: folder, env });
    await collector.close();
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(`${ANSWER}["RESPAN_API_KEY","RESPAN_BASE_URL","RESPAN_RESOURCE_ATTRIBUTES"]\n`);
    const [span] = modelSpans(collector.spans());
    expect(span?.resource).toMatchObject({ 'service.name': 'from the file', team: 'real', stage: 'dev' });
    expect(span?.attributes).not.toHaveProperty(['gen_ai.input.messages']);
  });

  it('reaches the OTLP exporter and the span limits', async () => {
    const collector = await startCollector();
    const folder = modelApp({
      '.env': `OTEL_EXPORTER_OTLP_ENDPOINT=${collector.url}\nOTEL_EXPORTER_OTLP_PROTOCOL=http/json\nOTEL_EXPORTER_OTLP_HEADERS=x-from=file\nOTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=4`,
    });
    const run = await runApp({ app: 'app.mjs', cwd: folder });
    await collector.close();
    expect(run).toMatchObject({ code: 0, stdout: ANSWER, stderr: '' });
    expect(collector.requests[0]?.headers['x-from']).toBe('file');
    expect(modelSpans(collector.spans())[0]?.attributes['gen_ai.request.model']).toBe('gpt-');
  });

  it('is no settings file where it is a folder', async () => {
    const folder = modelApp();
    mkdirSync(join(folder, '.env'));
    const { run, model } = await trace({}, folder);
    expect(run).toMatchObject({ code: 0, stdout: ANSWER, stderr: '' });
    expect(model).toHaveLength(1);
  });

  it('is one line where it is not text', async () => {
    const folder = modelApp();
    writeFileSync(join(folder, '.env'), Buffer.from([0x52, 0, 0xff, 0xfe, 0x3d, 0, 1, 2]));
    const { run, model } = await trace({}, folder);
    expect(run).toMatchObject({ code: 0, stdout: ANSWER });
    expect(run.stderr).toBe('respan: .env is not a text file; its settings are not used\n');
    expect(model).toHaveLength(1);
  });

  it('is one line where it cannot be read', async () => {
    const folder = modelApp();
    // Not even root can read it.
    symlinkSync('.env', join(folder, '.env'));
    const { run } = await trace({}, folder);
    expect(run).toMatchObject({ code: 0, stdout: ANSWER });
    expect(run.stderr).toMatch(/^respan: \.env could not be read \(ELOOP.*\); its settings are not used\n$/);
  });

  it('gives what can be read where it is broken', async () => {
    const folder = modelApp({
      '.env':
        'RESPAN_APP_NAME="never closed\n=====\n}{ \u2028\nRESPAN_RESOURCE_ATTRIBUTES=a=b\nexport RESPAN_LOG_LEVEL=loud\n',
    });
    const { run, model } = await trace({}, folder);
    expect(run).toMatchObject({ code: 0, stdout: ANSWER });
    expect(run.stderr).toBe(
      'respan: RESPAN_LOG_LEVEL="loud" is not valid (expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL); using INFO\n',
    );
    expect(model[0]?.resource.a).toBe('b');
  });
});

describe('content', () => {
  const CONTENT = /the question|the answer/;

  it.each([
    ['RESPAN_TRACE_CONTENT', 'false'],
    ['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', 'no_content'],
    ['TRACELOOP_TRACE_CONTENT', 'false'],
    ['RESPAN_TRACE_CONTENT', 'flase'],
  ])('%s=%s: no byte of it leaves, everything else does', async (variable, value) => {
    const { collector, model } = await trace({ RESPAN_TRACE_CONTENT: 'true', [variable]: value });
    for (const { body } of collector.requests) expect(body.toString('utf8')).not.toMatch(CONTENT);
    const { model: whole } = await trace({});
    const names = Object.keys(whole[0]?.attributes ?? {});
    const content = /messages$|^gen_ai\.(prompt|completion)\.\d+\.(role|content|finish_reason)$/;
    expect(names.filter((name) => content.test(name)).length).toBeGreaterThan(4);
    expect(Object.keys(model[0]?.attributes ?? {}).sort()).toEqual(
      names.filter((name) => !content.test(name)).sort(),
    );
  });
});

describe('RESPAN_SPAN_POSTPROCESS', () => {
  const CALLBACK = `(span) => { span.attributes['seen.by'] = 'callback'; delete span.attributes['gen_ai.input.messages']; }`;

  it.each([
    ['a CommonJS function', 'p.cjs', `module.exports = ${CALLBACK}`],
    ['a CommonJS default export', 'p.cjs', `exports.default = ${CALLBACK}`],
    ['an ES module', 'p.mjs', `export default ${CALLBACK}`],
    [
      'an ES module with top-level await',
      'p.mjs',
      `await new Promise((done) => setImmediate(done)); export default ${CALLBACK}`,
    ],
  ])('takes %s', async (_, file, source) => {
    const folder = modelApp({ [file]: source });
    for (const node of ['20', '24'] as const) {
      const { run, model, collector } = await trace({ RESPAN_SPAN_POSTPROCESS: `./${file}` }, folder, node);
      expect(run).toMatchObject({ code: 0, stdout: ANSWER, stderr: '' });
      expect(model).toHaveLength(1);
      for (const { attributes } of collector.spans()) expect(attributes['seen.by']).toBe('callback');
      expect(model[0]?.attributes).not.toHaveProperty(['gen_ai.input.messages']);
      expect(model[0]?.attributes).toHaveProperty(['gen_ai.output.messages']);
    }
  });

  it.each([
    ['throws', 'p.cjs', `module.exports = () => { throw new Error('no\\nway') }`, 'threw (no)'],
    [
      'rejects',
      'p.cjs',
      `module.exports = async () => { throw new Error('no') }`,
      'returned a promise, for which a span cannot wait',
    ],
    ['is no function', 'p.cjs', 'module.exports = { a: 1 }', 'has no function as its default export'],
    ['cannot be parsed', 'p.cjs', 'module.exports = }', 'could not be loaded (Unexpected token'],
    ['throws while loading', 'p.mjs', 'await 1; throw new Error("early")', 'could not be loaded (early)'],
    ['does not exist', 'q.cjs', '', 'could not be loaded (Cannot find module'],
  ])('that %s: spans go out without content, and one line says so', async (_, file, source, message) => {
    const folder = modelApp({ [file]: source });
    const name = `p${file.slice(1)}`;
    const { run, model, collector } = await trace({ RESPAN_SPAN_POSTPROCESS: name, CALLS: '3' }, folder);
    expect(run).toMatchObject({ code: 0, stdout: ANSWER.repeat(3) });
    expect(run.stderr.startsWith(`respan: RESPAN_SPAN_POSTPROCESS=${JSON.stringify(name)} ${message}`)).toBe(
      true,
    );
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.stderr).toMatch(/; such spans are exported without content\n$/);
    expect(model).toHaveLength(3);
    for (const { body } of collector.requests)
      expect(body.toString('utf8')).not.toMatch(/the question|the answer/);
  });
});

describe('sampling', () => {
  const UNSAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
  /** A server that makes a model call for each request, and one request to it. */
  const app = (traceparent: string) => `
    import { createServer } from 'node:http';
    import { connect } from 'node:net';
    const server = createServer(async (incoming, response) => {
      await import('./app.mjs');
      response.end();
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const socket = connect(server.address().port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\\r\\nHost: a\\r\\ntraceparent: ${traceparent}\\r\\nConnection: close\\r\\n\\r\\n');
    socket.resume().on('close', () => server.close());`;

  it('keeps the model calls of a request that its caller does not sample', async () => {
    const folder = modelApp({ 'server.mjs': app(UNSAMPLED) });
    writeFileSync(join(folder, 'start.mjs'), `await import('openai'); await import('./server.mjs');`);
    const counts: Record<string, number> = {};
    for (const sampler of ['', 'parentbased_always_on', 'always_on', 'always_off']) {
      const collector = await startCollector();
      const env = { RESPAN_API_KEY: 'k', RESPAN_BASE_URL: collector.url, OTEL_TRACES_SAMPLER: sampler };
      const run = await runApp({ app: 'start.mjs', cwd: folder, env });
      await collector.close();
      expect(run).toMatchObject({ code: 0, stdout: ANSWER, stderr: '' });
      counts[sampler] = modelSpans(collector.spans()).length;
    }
    expect(counts).toEqual({ '': 1, parentbased_always_on: 0, always_on: 1, always_off: 0 });
  });
});

describe('switches', () => {
  it.each([
    ['RESPAN_ENABLED', 'false'],
    ['OTEL_SDK_DISABLED', 'true'],
    ['RESPAN_INSTRUMENTS', 'none'],
    ['RESPAN_BLOCK_INSTRUMENTS', 'openai,requests,urllib3'],
  ])('%s=%s: nothing is traced', async (variable, value) => {
    const { run, collector } = await trace({ [variable]: value });
    expect(run).toMatchObject({ code: 0, stdout: ANSWER, stderr: '' });
    expect(collector.requests).toEqual([]);
  });

  it('RESPAN_ENABLED=true is stronger than OTEL_SDK_DISABLED=true', async () => {
    const { model } = await trace({ RESPAN_ENABLED: 'true', OTEL_SDK_DISABLED: 'true' });
    expect(model).toHaveLength(1);
  });

  it.each([
    ['RESPAN_LOG_LEVEL', 'debug'],
    ['RESPAN_LOG_LEVEL', 'Debug'],
    ['OTEL_LOG_LEVEL', 'VERBOSE'],
  ])('%s=%s names each instrument', async (variable, value) => {
    const { run } = await trace({ [variable]: value });
    expect(run).toMatchObject({ code: 0, stdout: ANSWER });
    expect(run.stderr).toContain('respan: Initialized OpenAI instrumentation\n');
    expect(run.stderr).not.toContain('Initialized Anthropic');
  });

  it('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT and the default that loses nothing', async () => {
    const { model } = await trace({ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '2', RESPAN_INSTRUMENTS: 'openai' });
    const own = Object.keys(model[0]?.attributes ?? {}).filter(
      (name) => !/^(respan|llm)\.|^gen_ai\.system$/.test(name),
    );
    expect(own).toHaveLength(2);
  });

  it('OTEL_PROPAGATORS=none sends no traceparent to other services', async () => {
    const folder = modelApp({
      'app2.mjs': `import './app.mjs';
        import { createServer, request } from 'node:http';
        const server = createServer((incoming, response) => {
          console.log(typeof incoming.headers.traceparent);
          response.end();
        });
        await new Promise((done) => server.listen(0, '127.0.0.1', done));
        request({ port: server.address().port }, (answer) => {
          answer.resume().on('end', () => { server.closeAllConnections(); server.close(); });
        }).end();`,
    });
    const run = (env: Record<string, string>) =>
      runApp({ app: 'app2.mjs', cwd: folder, env: { RESPAN_EXPORTER: 'none', ...env } });
    expect((await run({})).stdout).toBe(`${ANSWER}string\n`);
    expect((await run({ OTEL_PROPAGATORS: 'none' })).stdout).toBe(`${ANSWER}undefined\n`);
    expect((await run({ OTEL_PROPAGATORS: 'baggage' })).stdout).toBe(`${ANSWER}undefined\n`);
  });
});
