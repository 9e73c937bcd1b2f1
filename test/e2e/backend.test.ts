import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runLoad } from '../harness/load';
import { modelApp } from '../harness/model-app';
import { type Mood, type MoodyCollector, startMoodyCollector } from '../harness/moody-collector';
import { root } from '../harness/paths';
import { type AppRun, runApp } from '../harness/run-app';

const ANSWER = 'the answer\n';
let collector: MoodyCollector;
afterEach(() => collector.close());

/** One model call is one span with this. */
const ONLY_MODELS = { RESPAN_INSTRUMENTS: 'openai' };

function call(env: Record<string, string> = {}, folder = modelApp()): Promise<AppRun> {
  return runApp({
    app: 'app.mjs',
    cwd: folder,
    env: { RESPAN_API_KEY: 'respan-secret', RESPAN_BASE_URL: collector.url, ...ONLY_MODELS, ...env },
  });
}

describe('a backend in trouble', () => {
  /** Until the backend has been asked so often, it is in a bad mood. */
  async function recovering(mood: Mood, requests: number): Promise<AppRun> {
    collector = await startMoodyCollector(mood);
    const recovered = collector
      .until(() => collector.requests >= requests)
      .then(() => {
        collector.mood = { kind: 'ok' };
      });
    const run = await call({ CALLS: '5' });
    await recovered;
    return run;
  }

  it.each<[string, Mood]>([
    ['answers 500', { kind: 'status', status: 500 }],
    ['answers 503', { kind: 'status', status: 503 }],
    [
      'asks for more patience than there is',
      { kind: 'status', status: 429, headers: { 'retry-after': '60' } },
    ],
    [
      'asks for patience by a date',
      { kind: 'status', status: 503, headers: { 'retry-after': 'Wed, 01 Jan 2120 00:00:00 GMT' } },
    ],
    ['breaks off', { kind: 'reset' }],
  ])('%s twice: nothing is lost, nothing is said', async (_, mood) => {
    expect(await recovering(mood, 2)).toEqual({
      code: 0,
      signal: null,
      stdout: ANSWER.repeat(5),
      stderr: '',
    });
    expect(collector.taken.size).toBe(5);
    expect(collector.twice).toBe(0);
  });

  it('takes little at once: all of it in pieces', async () => {
    collector = await startMoodyCollector({ kind: '413', maxBytes: 9_000 });
    expect(await call({ CALLS: '12' })).toMatchObject({ code: 0, stderr: '' });
    expect(collector.taken.size).toBe(12);
    expect(collector.twice).toBe(0);
  });

  it('takes nothing that large: what it says is shorter, and said to be', async () => {
    collector = await startMoodyCollector({ kind: '413', maxBytes: 100_000 });
    const folder = modelApp();
    const app = readFileSync(join(folder, 'app.mjs'), 'utf8').replace(
      'the question',
      `the ${'very '.repeat(60_000)}question`,
    );
    writeFileSync(join(folder, 'app.mjs'), app);
    const { code, stderr } = await call({}, folder);
    expect(code).toBe(0);
    expect(stderr).toBe('respan: Respan finds single spans too large: their texts are shortened\n');
    const [span] = [...collector.taken.values()];
    expect(span?.attributes).toMatchObject({
      'respan.content.shortened': true,
      'gen_ai.usage.input_tokens': 3,
    });
    expect(JSON.parse(String(span?.attributes['gen_ai.input.messages']))).toMatchObject([{ role: 'user' }]);
  });

  it('takes all but some: they are counted', async () => {
    collector = await startMoodyCollector({ kind: 'partial', rejected: 2 });
    const { stderr } = await call({ CALLS: '5', OTEL_BSP_SCHEDULE_DELAY: '60000' });
    expect(stderr.split('\n')).toEqual([
      'respan: Respan rejected 2 of 5 spans: too old',
      'respan: 2 spans are lost on their way to Respan: 2 rejected by it; 3 arrived',
      '',
    ]);
  });

  it('answers byte by byte: it is waited for', async () => {
    collector = await startMoodyCollector({ kind: 'trickle' });
    expect(await call({ CALLS: '2' })).toMatchObject({ code: 0, stderr: '' });
    expect(collector.taken.size).toBe(2);
  });
});

describe('RESPAN_SPOOL_DIR', () => {
  const files = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

  it('keeps what a backend that is away did not get, and one of several later processes sends it, once', async () => {
    collector = await startMoodyCollector({ kind: 'reset' });
    const folder = modelApp();
    const spool = join(folder, 'spool');
    const env = { RESPAN_SPOOL_DIR: 'spool', CALLS: '4' };
    const runs = await Promise.all([call(env, folder), call(env, folder)]);
    for (const { code, stderr } of runs) {
      expect(code).toBe(0);
      expect(stderr.split('\n').slice(1)).toEqual([
        'respan: 4 spans that Respan did not take are kept for the next time',
        '',
      ]);
    }
    expect(files(spool).length).toBeGreaterThanOrEqual(2);
    expect(statSync(spool).mode & 0o777).toBe(0o700);
    for (const name of files(spool)) {
      expect(statSync(join(spool, name)).mode & 0o777).toBe(0o600);
      expect(name + readFileSync(join(spool, name), 'utf8')).not.toContain('respan-secret');
    }

    // Another key is another project.
    collector.mood = { kind: 'ok' };
    await call({ ...env, RESPAN_API_KEY: 'another-secret' }, folder);
    expect(collector.taken.size).toBe(4);

    const later = await Promise.all([1, 2, 3].map(() => call(env, folder)));
    for (const run of later) expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(collector.taken.size).toBe(4 + 8 + 12);
    expect(collector.twice).toBe(0);
    expect(files(spool)).toEqual([]);
  });

  it('takes what the queue cannot hold, and sends it when the backend is back', async () => {
    collector = await startMoodyCollector({ kind: 'status', status: 503 });
    const folder = modelApp();
    const recovered = collector
      .until(() => collector.requests >= 2)
      .then(() => {
        collector.mood = { kind: 'ok' };
      });
    const env = {
      RESPAN_SPOOL_DIR: 'spool',
      CALLS: '40',
      OTEL_BSP_MAX_QUEUE_SIZE: '8',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4',
    };
    expect(await call(env, folder)).toMatchObject({ code: 0, stderr: '' });
    await recovered;
    expect(collector.taken.size).toBe(40);
    expect(collector.twice).toBe(0);
    expect(files(join(folder, 'spool'))).toEqual([]);
  });

  it('stays below its size, and says what that costs', async () => {
    collector = await startMoodyCollector({ kind: 'reset' });
    const folder = modelApp();
    const env = {
      RESPAN_SPOOL_DIR: 'spool',
      RESPAN_MAX_SPOOL_BYTES: '9000',
      OTEL_BSP_MAX_QUEUE_SIZE: '2',
      CALLS: '20',
    };
    const { stderr } = await call(env, folder);
    const size = files(join(folder, 'spool')).reduce(
      (sum, name) => sum + statSync(join(folder, 'spool', name)).size,
      0,
    );
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(9_000);
    const [, lost, kept] =
      /: (\d+) found RESPAN_SPOOL_DIR full .*; 0 arrived; (\d+) are kept/.exec(stderr) ?? [];
    expect(Number(lost) + Number(kept)).toBe(20);
  });
});

describe('privacy', () => {
  const SECRETS = ['jane@example.com', '4111 1111 1111 1111', `sk-${'abcd1234'.repeat(5)}`];
  /** Says its secrets wherever an app can say something. */
  const app = `
    import { readFileSync } from 'node:fs';
    import OpenAI from 'openai';
    import { trace } from '@opentelemetry/api';
    const text = ${JSON.stringify(`it is ${SECRETS.join(' and ')}.`)};
    const answer = JSON.stringify({ model: 'm', choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: JSON.stringify({ text }) } }] } }] });
    const client = new OpenAI({ apiKey: 'provider-key-1', maxRetries: 0, baseURL: 'http://127.0.0.1:9/' + encodeURIComponent(text),
      fetch: async (url, { body }) => body.includes('fail') ? Promise.reject(new Error(text)) : new Response(answer, { headers: { 'content-type': 'application/json' } }) });
    const tools = [{ type: 'function', function: { name: 'f', description: text, parameters: { type: 'object' } } }];
    await client.chat.completions.create({ model: 'm', user: text, stop: [text], tools, messages: [{ role: 'system', content: text }, { role: 'user', content: [{ type: 'text', text }] }] });
    await client.chat.completions.create({ model: 'fail', messages: [{ role: 'user', content: text }] }).catch(() => {});
    const span = trace.getTracer('app').startSpan('about ' + text, { attributes: { text, list: [text], number: 4111111111111111 } });
    span.addEvent(text, { text });
    span.recordException(new Error(text));
    span.setStatus({ code: 2, message: text });
    span.end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log('the answer');`;
  const place = (files: Record<string, string> = {}) =>
    modelApp({
      'app.mjs': app,
      'node_modules/@opentelemetry/api/package.json':
        '{"name":"@opentelemetry/api","main":"index.cjs","version":"1.9.0"}',
      'node_modules/@opentelemetry/api/index.cjs': `module.exports = require(${JSON.stringify(`${root}/node_modules/@opentelemetry/api`)});`,
      ...files,
    });
  const leaks = (text: string) =>
    SECRETS.filter((secret) => text.includes(secret)).concat(
      text.includes('4111111111111111') ? ['number'] : [],
    );

  /** Everything that leaves: requests, files and lines. */
  async function run(env: Record<string, string>, files?: Record<string, string>) {
    collector = await startMoodyCollector();
    const folder = place(files);
    const result = await call(
      {
        RESPAN_EXPORTER: 'respan,file',
        RESPAN_LOG_LEVEL: 'DEBUG',
        RESPAN_INSTRUMENTS: 'openai,opentelemetry',
        ...env,
      },
      folder,
    );
    expect(result).toMatchObject({ code: 0, stdout: ANSWER });
    const traces = join(folder, '.respan/traces');
    const local = (existsSync(traces) ? readdirSync(traces) : [])
      .map((name) => readFileSync(join(traces, name), 'utf8'))
      .join('');
    const sent = JSON.stringify([...collector.taken.values()], (_, value: unknown) =>
      typeof value === 'bigint' ? '' : value,
    );
    return { ...result, local, sent, spans: [...collector.taken.values()] };
  }

  it('RESPAN_REDACT: nothing of it leaves, in whatever place it was', async () => {
    expect(leaks((await run({})).sent)).toHaveLength(4);
    const { sent, local, stderr, spans } = await run({ RESPAN_REDACT: 'keys,emails,cards' });
    expect(spans).toHaveLength(3);
    for (const text of [sent, local, stderr]) expect(leaks(text)).toEqual([]);
    const chat = spans.find(({ attributes }) => attributes['gen_ai.request.model'] === 'm');
    expect(JSON.parse(String(chat?.attributes['gen_ai.input.messages']))[1].parts[0].content).toBe(
      'it is [redacted:email] and [redacted:card] and [redacted:key].',
    );
  });

  it('a pattern that is none: one line at the start, and no content', async () => {
    const { sent, local, stderr, spans } = await run({ RESPAN_REDACT: 'keys,/(/', RESPAN_LOG_LEVEL: 'INFO' });
    expect(spans).toHaveLength(3);
    for (const text of [sent, local]) expect(leaks(text)).toEqual([]);
    expect(stderr).toMatch(
      /^respan: RESPAN_REDACT="keys,\/\(\/" is not valid \(.*\); using no content at all\n$/,
    );
  });

  it.each([
    ['throws', 'throw new Error("no")', ''],
    ['answers with a promise', 'return Promise.reject(new Error("no"))', ''],
    [
      'has forgotten where stacks are',
      'for (const bag of [span.attributes, ...span.events.map((e) => e.attributes)]) for (const name in bag) bag[name] = "-"; span.name = "-"; span.status.message = "-"; for (const e of span.events) e.name = "-"',
      '',
    ],
    ['freezes what it was given', 'Object.freeze(span.attributes); throw new Error("no")', 'none'],
  ])('a callback that %s: content stays in', async (_, code, spansLeft) => {
    const { sent, local, spans } = await run(
      { RESPAN_SPAN_POSTPROCESS: 'post.cjs' },
      { 'post.cjs': `module.exports = (span) => { ${code} };` },
    );
    expect(spans).toHaveLength(spansLeft === 'none' ? 0 : 3);
    for (const text of [sent, local]) expect(leaks(text)).toEqual([]);
  });

  it('keys are nowhere: not in lines of the debug log, not in files, not in spans', async () => {
    const { sent, local, stderr } = await run({ RESPAN_HEADERS: 'X-Token=header-secret-1' });
    for (const secret of ['respan-secret', 'header-secret-1', 'provider-key-1'])
      for (const text of [sent, local, stderr]) expect(text).not.toContain(secret);
  });

  it.each(['RESPAN_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'])(
    '%s cannot smuggle in a header',
    async (variable) => {
      const { stderr } = await run({ [variable]: 'x-a=secret-1%0d%0aX-Evil: 1', RESPAN_LOG_LEVEL: 'INFO' });
      expect(stderr).toMatch(
        new RegExp(`^respan: ${variable}=\\[redacted\\] is not valid \\(expected .*\\)`),
      );
      expect(stderr).not.toContain('secret-1');
    },
  );
});

describe('awkward data', () => {
  it('10,000 spans in one tick all arrive', async () => {
    collector = await startMoodyCollector();
    const folder = modelApp({
      'app.mjs': `import { RespanTelemetry } from 'respan';
        const tracer = new RespanTelemetry({ instruments: [] }).getClient().getTracer('app');
        for (let i = 0; i < 10_000; i++) tracer.startSpan('s' + i, { attributes: { i } }).end();
        console.log('the answer');`,
    });
    expect(await call({}, folder)).toMatchObject({ code: 0, stdout: ANSWER, stderr: '' });
    expect(collector.taken.size).toBe(10_000);
  });

  it('a stream that does not end takes no more memory than a long one', async () => {
    collector = await startMoodyCollector();
    const folder = modelApp({
      'app.cjs': `const { OpenAI } = require('openai');
        async function run(chunks) {
          const encoder = new TextEncoder();
          let at = 0;
          const line = (i) => 'data: ' + JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: String(i).padEnd(100, ' and so on') } }] }) + '\\n\\n';
          const body = new ReadableStream({ pull(controller) {
            let text = '';
            for (let i = 0; i < 500; i++) text += line(at++);
            if (at >= chunks) text += 'data: ' + JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: at } }) + '\\n\\ndata: [DONE]\\n\\n';
            controller.enqueue(encoder.encode(text));
            if (at >= chunks) controller.close();
          } });
          const client = new OpenAI({ apiKey: 'k', fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }) });
          const heap = {};
          let seen = 0;
          for await (const _ of await client.chat.completions.create({ model: 'm', stream: true, messages: [] })) {
            if (++seen === 50_000 || seen === 120_000) { gc(); heap[seen] = process.memoryUsage().heapUsed / 1e6; }
          }
          return heap;
        }
        run(120_000).then((heap) => console.log(JSON.stringify({ few: heap[50_000], many: heap[120_000] })));`,
    });
    const { stdout, stderr } = await runApp({
      app: 'app.cjs',
      cwd: folder,
      flags: ['--expose-gc'],
      timeoutMillis: 110_000,
      env: { RESPAN_API_KEY: 'k', RESPAN_BASE_URL: collector.url, ...ONLY_MODELS },
    });
    const { few, many } = JSON.parse(stdout) as Record<'few' | 'many', number>;
    expect(many - few).toBeLessThan(3);
    expect(stderr).toBe('');
    const spans = [...collector.taken.values()];
    expect(spans.map(({ attributes }) => attributes['gen_ai.usage.output_tokens'])).toEqual([120_000]);
    for (const { attributes } of spans) {
      expect(attributes).toMatchObject({ 'respan.content.shortened': true });
      const [message] = JSON.parse(String(attributes['gen_ai.output.messages'])) as {
        finish_reason: string;
      }[];
      expect(message?.finish_reason).toBe('stop');
    }
  });

  it('a clock that somebody sets leaves durations what they were', async () => {
    collector = await startMoodyCollector();
    const folder = modelApp({
      'app.mjs': `import { RespanTelemetry } from 'respan';
        const tracer = new RespanTelemetry({ instruments: [] }).getClient().getTracer('app');
        const real = Date.now;
        for (const jump of [-3_600_000, 3_600_000]) for (const startTime of [undefined, performance.now()]) {
          const span = tracer.startSpan('s', { startTime });
          Date.now = () => real() + jump;
          span.end();
          Date.now = real;
        }
        console.log('the answer');`,
    });
    expect(await call({}, folder)).toMatchObject({ code: 0, stdout: ANSWER, stderr: '' });
    expect(collector.taken.size).toBe(4);
    for (const { startTimeUnixNano, endTimeUnixNano } of collector.taken.values()) {
      expect(endTimeUnixNano).toBeGreaterThanOrEqual(startTimeUnixNano);
      expect(Number(endTimeUnixNano - startTimeUnixNano)).toBeLessThan(60e9);
    }
  });

  it('RESPAN_MAX_SPANS_PER_TRACE lets the root through', async () => {
    collector = await startMoodyCollector();
    const folder = modelApp({
      'app.mjs': `import { RespanTelemetry } from 'respan';
        import { context, trace } from '@opentelemetry/api';
        const tracer = new RespanTelemetry({ instruments: [] }).getClient().getTracer('app');
        const root = tracer.startSpan('root');
        for (let i = 0; i < 50; i++) tracer.startSpan('s', {}, trace.setSpan(context.active(), root)).end();
        root.end();
        console.log('the answer');`,
      'node_modules/@opentelemetry/api/package.json':
        '{"name":"@opentelemetry/api","main":"index.cjs","version":"1.9.0"}',
      'node_modules/@opentelemetry/api/index.cjs': `module.exports = require(${JSON.stringify(`${root}/node_modules/@opentelemetry/api`)});`,
    });
    const { stderr } = await call({ RESPAN_MAX_SPANS_PER_TRACE: '20' }, folder);
    expect([...collector.taken.values()].map(({ name }) => name).filter((name) => name === 'root')).toEqual([
      'root',
    ]);
    expect(collector.taken.size).toBe(21);
    expect(stderr).toMatch(
      /^respan: trace [0-9a-f]{32} has more than 20 spans: further ones are not exported/,
    );
  });
});

describe('at full speed', () => {
  it('every span is accounted for while the backend is in trouble all the time, and memory stays flat', async () => {
    const ok = { mood: { kind: 'ok' } as Mood, millis: 400 };
    const result = await runLoad({
      calls: 3_000,
      cwd: modelApp(),
      app: `${root}/bench/load/server.cjs`,
      env: { SAMPLE_EVERY: '1000' },
      moods: [
        ok,
        { mood: { kind: 'status', status: 503 }, millis: 600 },
        { mood: { kind: 'hang' }, millis: 600 },
        ok,
        { mood: { kind: 'reset' }, millis: 400 },
        { mood: { kind: 'status', status: 429, headers: { 'retry-after': '1' } }, millis: 400 },
        { mood: { kind: '413', maxBytes: 60_000 }, millis: 800 },
        { mood: { kind: 'partial', rejected: 1 }, millis: 600 },
      ],
    });
    collector = result.collector;
    expect(result).toMatchObject({ code: 0, app: { calls: 3_000 } });
    // Each call is a span, and so is each request, that for the figures included.
    expect(collector.taken.size + collector.rejected).toBe(6_001);
    if (collector.rejected > 0) {
      expect(result.stderr.trimEnd().split('\n').at(-1)).toBe(
        `respan: ${collector.rejected} spans are lost on their way to the OTLP endpoint: ${collector.rejected} rejected by it; ${collector.taken.size} arrived`,
      );
    }
    const heaps = result.app.heap.map(({ heapMB }) => heapMB);
    expect(Math.max(...heaps) - Math.min(...heaps)).toBeLessThan(30);
  });
});
