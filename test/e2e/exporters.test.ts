import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Collector, spansOf, startCollector } from '../harness/collector';
import { modelApp } from '../harness/model-app';
import { type WireSpan, wireSpans } from '../harness/protobuf';
import { type AppRun, runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';
import { tempFolder } from '../harness/temp-app';

const ANSWER = 'the answer\n';

async function withCollector(test: (collector: Collector) => Promise<void>): Promise<void> {
  const collector = await startCollector();
  try {
    await test(collector);
  } finally {
    await collector.close();
  }
}

function call(env: Record<string, string>, folder = modelApp()): Promise<AppRun> {
  return runApp({ app: 'app.mjs', cwd: folder, env });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** How long the app lived on after its last statement. */
function endOf(): { env: Record<string, string>; millis(): number } {
  const file = join(tempFolder(), 'end');
  return { env: { END_FILE: file }, millis: () => Number(readFileSync(file, 'utf8')) };
}

function expectQuiet(run: AppRun): void {
  expect(run).toEqual({ code: 0, signal: null, stdout: ANSWER, stderr: '' });
}

describe('respan', () => {
  it.each(['', '/', '/api', '/api/', '/api/v2/traces', '/api/v2/traces/', '/api/v1/traces/ingest'])(
    'finds the endpoint for <base>%s',
    (path) =>
      withCollector(async (collector) => {
        expectQuiet(await call({ RESPAN_API_KEY: 'key-1', RESPAN_BASE_URL: `${collector.url}${path}` }));
        expect(collector.requests.map(({ url }) => url)).toEqual(['/api/v2/traces']);
      }),
  );

  it('sends JSON with a Bearer key, extra headers and the aliases of the platform', () =>
    withCollector(async (collector) => {
      const run = await call({
        RESPAN_API_KEY: 'key-1',
        RESPAN_BASE_URL: collector.url,
        RESPAN_HEADERS: 'X-Team=ml%20ops',
        RESPAN_APP_NAME: 'joker',
        RESPAN_RESOURCE_ATTRIBUTES: 'region=eu%2Cwest',
      });
      expectQuiet(run);
      const [request] = collector.requests;
      expect(request?.headers).toMatchObject({
        authorization: 'Bearer key-1',
        'content-type': 'application/json',
        'x-team': 'ml ops',
      });
      const [span] = modelSpans(collector.spans());
      expect(span?.resource).toMatchObject({ 'service.name': 'joker', region: 'eu,west' });
      expect(span?.attributes).toMatchObject({
        'gen_ai.provider.name': 'openai',
        'gen_ai.system': 'openai',
        'llm.request.type': 'chat',
        'gen_ai.usage.input_tokens': 3,
        'gen_ai.usage.prompt_tokens': 3,
        'gen_ai.usage.completion_tokens': 2,
        'gen_ai.usage.total_tokens': 5,
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': 'the question 0',
        'gen_ai.completion.0.content': 'the answer',
      });
    }));

  it.each(['Authorization', 'authorization'])('lets RESPAN_HEADERS replace the key (%s)', (name) =>
    withCollector(async (collector) => {
      const env = {
        RESPAN_API_KEY: 'key-1',
        RESPAN_BASE_URL: collector.url,
        RESPAN_HEADERS: `${name}=Basic%20x`,
      };
      expectQuiet(await call(env));
      expect(collector.requests.map(({ headers }) => headers.authorization)).toEqual(['Basic x']);
    }),
  );

  it('says so when it is asked for without a key', async () => {
    const run = await call({ RESPAN_EXPORTER: 'respan' });
    expect(run.stdout).toBe(ANSWER);
    expect(run.code).toBe(0);
    expect(run.stderr).toBe(
      'respan: RESPAN_EXPORTER names respan, but RESPAN_API_KEY is not set; nothing is sent to Respan\n',
    );
  });
});

describe('otlp', () => {
  const expectClean = (attributes: Record<string, unknown>) => {
    expect(attributes['gen_ai.provider.name']).toBe('openai');
    for (const alias of [
      'gen_ai.system',
      'llm.request.type',
      'gen_ai.prompt.0.role',
      'gen_ai.usage.prompt_tokens',
    ])
      expect(attributes).not.toHaveProperty([alias]);
  };
  const modelSpan = (spans: WireSpan[]) => spans.find(({ name }) => name === 'openai.chat');

  it('sends protobuf by default, to the base endpoint with /v1/traces behind it', () =>
    withCollector(async (collector) => {
      expectQuiet(await call({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/base/` }));
      const [request] = collector.requests;
      expect(request?.url).toBe('/base/v1/traces');
      expect(request?.headers['content-type']).toBe('application/x-protobuf');
      const span = modelSpan(collector.requests.flatMap(({ body }) => wireSpans(body)));
      expect(span?.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span?.spanId).toMatch(/^[0-9a-f]{16}$/);
      expect(span?.parentSpanId).toBe('');
      expect(span?.resource['service.name']).toBe('settings-app');
      expectClean(span?.attributes ?? {});
    }));

  it('uses the endpoint of the signal as it is, before the base one', () =>
    withCollector(async (collector) => {
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/as/it/is`,
      };
      expectQuiet(await call(env));
      expect(collector.requests.map(({ url }) => url)).toEqual(['/as/it/is']);
    }));

  it('sends JSON, gzip and headers', () =>
    withCollector(async (collector) => {
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc%3D,x-both=base',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-both=traces',
        RESPAN_HEADERS: 'x-every=1',
      };
      expectQuiet(await call(env));
      const [request] = collector.requests;
      expect(request?.headers).toMatchObject({
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        authorization: 'Basic abc=',
        'x-both': 'traces',
        'x-every': '1',
      });
      const [span] = modelSpans(collector.spans());
      expectClean(span?.attributes ?? {});
    }));

  it('keeps the credentials of the two backends apart', () =>
    withCollector((respan) =>
      withCollector(async (otlp) => {
        const env = {
          RESPAN_API_KEY: 'respan-secret',
          RESPAN_BASE_URL: respan.url,
          OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
          OTEL_EXPORTER_OTLP_HEADERS: 'authorization=otlp-secret,x-otlp=otlp-secret',
        };
        expectQuiet(await call(env));
        expect(modelSpans(respan.spans())).toHaveLength(1);
        expect(modelSpans(otlp.spans())).toHaveLength(1);
        expect(JSON.stringify(respan.requests.map(({ headers }) => headers))).not.toContain('otlp-secret');
        expect(JSON.stringify(otlp.requests.map(({ headers }) => headers))).not.toContain('respan-secret');
        expect(modelSpans(respan.spans())[0]?.spanId).toBe(modelSpans(otlp.spans())[0]?.spanId);
      }),
    ));

  it('speaks gRPC, with headers and gzip', async () => {
    const { Server, ServerCredentials } = await import('@grpc/grpc-js');
    const server = new Server();
    const received: { body: Buffer; metadata: Record<string, unknown> }[] = [];
    const pass = (bytes: Buffer) => bytes;
    server.addService(
      {
        Export: {
          path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
          requestStream: false,
          responseStream: false,
          requestSerialize: pass,
          requestDeserialize: pass,
          responseSerialize: pass,
          responseDeserialize: pass,
        },
      },
      {
        Export: (
          request: { request: Buffer; metadata: { getMap(): Record<string, unknown> } },
          answer: (error: null, body: Buffer) => void,
        ) => {
          received.push({ body: request.request, metadata: request.metadata.getMap() });
          answer(null, Buffer.alloc(0));
        },
      },
    );
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    try {
      for (const compression of ['none', 'gzip']) {
        const env = {
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
          OTEL_EXPORTER_OTLP_COMPRESSION: compression,
          OTEL_EXPORTER_OTLP_HEADERS: 'X-Tenant=one',
          RESPAN_HEADERS: 'x-every=1',
        };
        expectQuiet(await call(env));
        expect(received).toHaveLength(1);
        expect(received[0]?.metadata).toMatchObject({ 'x-tenant': 'one', 'x-every': '1' });
        expectClean(modelSpan(wireSpans(received[0]?.body ?? Buffer.alloc(0)))?.attributes ?? {});
        received.length = 0;
      }
    } finally {
      server.forceShutdown();
    }
  });

  describe('certificates', () => {
    let folder: string;
    beforeAll(() => {
      folder = tempFolder();
      const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
      for (const who of ['server', 'client']) {
        const subject = ['-subj', `/CN=${who}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
        openssl(
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-keyout',
          `${who}.key`,
          '-out',
          `${who}.pem`,
          ...subject,
        );
      }
    });
    const read = (name: string) => readFileSync(join(folder, name));

    it('trusts the given one and shows its own', async () => {
      const shown: (string | undefined)[] = [];
      const server = createTlsServer(
        { key: read('server.key'), cert: read('server.pem'), ca: read('client.pem'), requestCert: true },
        (request, response) => {
          const socket = request.socket as Socket & { getPeerCertificate(): { subject?: { CN?: string } } };
          shown.push(socket.getPeerCertificate().subject?.CN);
          request.resume().on('end', () => response.end());
        },
      );
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: (await listen(server)).replace('http:', 'https:'),
        OTEL_EXPORTER_OTLP_CERTIFICATE: join(folder, 'server.pem'),
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: join(folder, 'client.pem'),
        OTEL_EXPORTER_OTLP_CLIENT_KEY: join(folder, 'client.key'),
      };
      try {
        expectQuiet(await call(env));
        expect(shown).toEqual(['client']);
        const untrusting = await call({ ...env, OTEL_EXPORTER_OTLP_CERTIFICATE: '' });
        expect(untrusting).toMatchObject({ code: 0, stdout: ANSWER });
        expect(untrusting.stderr).toMatch(
          /^respan: sending spans to the OTLP endpoint .* fails: self.signed certificate\nrespan: 3 spans are lost .*\n$/,
        );
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
  });
});

describe('file', () => {
  const read = (folder: string) => {
    const traces = join(folder, '.respan/traces');
    return readdirSync(traces).map((name) => join(traces, name));
  };

  it('writes OTLP/JSON lines that only the owner can read', async () => {
    const folder = modelApp();
    expectQuiet(await call({ RESPAN_EXPORTER: 'file' }, folder));
    const [file = '', ...others] = read(folder);
    expect(others).toEqual([]);
    expect(file).toMatch(/\d{4}-\d\d-\d\dT[\d-]+Z-\d+\.jsonl$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, '.respan')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, '.respan/traces')).mode & 0o777).toBe(0o700);
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    for (const line of text.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('resourceSpans');
    const [span] = modelSpans(spansOf(text));
    expect(span?.attributes).not.toHaveProperty(['gen_ai.system']);
    expect(span?.attributes['gen_ai.provider.name']).toBe('openai');
  });

  it('takes what several processes append to one file', async () => {
    const folder = modelApp();
    const runFile = join(folder, 'runs', 'one.jsonl');
    const env = { RESPAN_RUN_FILE: runFile, CALLS: '20' };
    const runs = await Promise.all([1, 2, 3].map(() => call(env, folder)));
    for (const run of runs) expect(run).toMatchObject({ code: 0, stderr: '', stdout: ANSWER.repeat(20) });
    expect(modelSpans(spansOf(readFileSync(runFile, 'utf8')))).toHaveLength(60);
  });

  it('says once that a folder cannot be written to', async () => {
    const folder = modelApp();
    writeFileSync(join(folder, 'taken'), '');
    const run = await call(
      { RESPAN_EXPORTER: 'file', RESPAN_TRACES_DIR: 'taken/traces', CALLS: '3' },
      folder,
    );
    expect(run).toMatchObject({ code: 0, stdout: ANSWER.repeat(3) });
    expect(run.stderr).toMatch(
      /^respan: spans cannot be written to taken\/traces\/.*: ENOTDIR.*\nrespan: 9 spans are lost on their way to the file: 9 could not be delivered; 0 arrived\n$/,
    );
  });

  it('still has the spans of an app that calls process.exit', async () => {
    const folder = modelApp();
    const app = `${readFileSync(join(folder, 'app.mjs'), 'utf8')}\nprocess.exit(3);\n`;
    writeFileSync(join(folder, 'app.mjs'), app);
    const run = await call({ RESPAN_EXPORTER: 'file' }, folder);
    expect(run).toMatchObject({ code: 3, stderr: '' });
    expect(modelSpans(spansOf(readFileSync(read(folder)[0] ?? '', 'utf8')))).toHaveLength(1);
  });

  it.each([
    ['calls process.exit', 'process.exit(3);', 3],
    ['dies of an error', "throw new Error('mine');", 1],
  ])('and that of a call still under way when the app %s', async (_, end, code) => {
    const folder = modelApp();
    const openai =
      "import OpenAI from 'openai';\nnew OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1:1/v1' })";
    const app = `${openai}.chat.completions.create({ model: 'gpt-4o', messages: [] }).catch(() => {});\n${end}\n`;
    writeFileSync(join(folder, 'app.mjs'), app);
    const run = await call({ RESPAN_EXPORTER: 'file' }, folder);
    expect(run.code).toBe(code);
    expect(modelSpans(spansOf(readFileSync(read(folder)[0] ?? '', 'utf8')))).toHaveLength(1);
  });
});

describe('console, none and nothing', () => {
  it('prints spans on stderr only', async () => {
    const run = await call({ RESPAN_EXPORTER: 'console' });
    expect(run).toMatchObject({ code: 0, stdout: ANSWER });
    const lines = run.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string });
    expect(lines.map(({ name }) => name)).toContain('openai.chat');
  });

  it.each(['RESPAN_EXPORTER', 'OTEL_TRACES_EXPORTER'])('is silent with %s=none', async (variable) => {
    expectQuiet(await call({ [variable]: 'none' }));
  });

  it('says once that nothing is configured', async () => {
    const run = await call({ CALLS: '3' });
    expect(run).toMatchObject({ code: 0, stdout: ANSWER.repeat(3) });
    expect(run.stderr).toBe(
      'respan: spans are not exported: set RESPAN_API_KEY, OTEL_EXPORTER_OTLP_ENDPOINT or RESPAN_EXPORTER=file (RESPAN_EXPORTER=none hides this line)\n',
    );
  });

  it('says nothing when there was no span', async () => {
    const folder = modelApp({ 'app.mjs': 'console.log("the answer")' });
    expectQuiet(await call({}, folder));
  });
});

describe('a backend that fails', () => {
  const respan = (url: string, env: Record<string, string> = {}) =>
    call({ RESPAN_API_KEY: 'respan-secret', RESPAN_BASE_URL: url, ...env });

  it('refuses connections', async () => {
    const free = createTcpServer();
    const { port } = new URL(await listen(free));
    await new Promise((resolve) => free.close(resolve));
    const end = endOf();
    const run = await respan(`http://127.0.0.1:${port}`, { CALLS: '3', ...end.env });
    // Nobody waits at the end for a backend that is not there.
    expect(end.millis()).toBeLessThan(1_000);
    expect(run).toMatchObject({ code: 0, stdout: ANSWER.repeat(3) });
    expect(run.stderr).toBe(
      `respan: sending spans to Respan (http://127.0.0.1:${port}/api/v2/traces) fails: connect ECONNREFUSED 127.0.0.1:${port}\n` +
        'respan: 9 spans are lost on their way to Respan: 9 could not be delivered; 0 arrived\n',
    );
  });

  it.each([
    [401, 'check RESPAN_API_KEY'],
    [403, 'check RESPAN_API_KEY and what it may do'],
    [404, 'check RESPAN_BASE_URL'],
  ])('answers %d', (status, hint) =>
    withCollector(async (collector) => {
      collector.failNext(status, status, status);
      const run = await respan(collector.url);
      expect(run).toMatchObject({ code: 0, stdout: ANSWER });
      expect(run.stderr).toBe(
        `respan: sending spans to Respan (${collector.url}/api/v2/traces) fails: HTTP ${status} {}; ${hint}\n` +
          'respan: 3 spans are lost on their way to Respan: 3 could not be delivered; 0 arrived\n',
      );
    }),
  );

  it('quotes the key', async () => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(401).end(`bad key ${request.headers.authorization}`);
      });
    });
    const run = await respan((await listen(server)).replace('//', '//user:hunter2@'));
    server.close();
    expect(run.stderr).toContain('bad key Bearer [redacted]; check RESPAN_API_KEY');
    expect(run.stderr).not.toMatch(/respan-secret|hunter2/);
  });

  it.each([429, 503])('asks for patience with %d and recovers: nothing is lost, nothing is said', (status) =>
    withCollector(async (collector) => {
      collector.failNext(status);
      expectQuiet(await respan(collector.url));
      expect(modelSpans(collector.spans())).toHaveLength(1);
    }),
  );

  it('says once that it fails and once that it works again, with the number lost', async () => {
    let failing = true;
    let release = () => {};
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        if (request.url?.startsWith('/wait')) {
          // The app goes on once its span has been refused.
          if (request.url.endsWith('/0')) release = () => response.end();
          else response.end();
          return;
        }
        response.writeHead(failing ? 400 : 200).end();
        failing = false;
        release();
      });
    });
    const url = await listen(server);
    const run = await respan(url, { CALLS: '2', WAIT_FOR: url, RESPAN_INSTRUMENTS: 'openai' });
    server.closeAllConnections();
    server.close();
    expect(run.code).toBe(0);
    expect(run.stderr.split('\n')).toEqual([
      `respan: sending spans to Respan (${url}/api/v2/traces) fails: HTTP 400`,
      'respan: sending spans to Respan works again; 1 spans were lost',
      'respan: 1 span is lost on its way to Respan: 1 could not be delivered; 1 arrived',
      '',
    ]);
  });

  it.each([['http/protobuf'], ['grpc']])(
    'accepts and never answers (%s): the app ends all the same',
    async (protocol) => {
      const sockets = new Set<Socket>();
      const hole = createTcpServer((socket) => void sockets.add(socket.on('error', () => {})));
      await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(hole.address() as AddressInfo).port}`;
      const end = endOf();
      const run = await call({
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        ...end.env,
      });
      for (const socket of sockets) socket.destroy();
      hole.close();
      expect(run).toMatchObject({ code: 0, stdout: ANSWER });
      expect(run.stderr).toMatch(
        /^respan: sending spans to the OTLP endpoint .* fails: no answer before the app ended\nrespan: 3 spans are lost .*: 3 could not be delivered; 0 arrived\n$/,
      );
      // The bound of 2 s, and what a busy machine adds.
      expect(end.millis()).toBeGreaterThan(1_900);
      expect(end.millis()).toBeLessThan(4_000);
    },
  );

  it('drops what the queue cannot hold, and says how much', async () => {
    let taken = 0;
    const hole = createServer((request) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => (taken += spansOf(Buffer.concat(chunks).toString('utf8')).length));
    });
    const url = await listen(hole);
    const run = await respan(url, {
      CALLS: '10',
      RESPAN_INSTRUMENTS: 'openai',
      OTEL_BSP_MAX_QUEUE_SIZE: '2',
    });
    hole.closeAllConnections();
    hole.close();
    expect(taken).toBeGreaterThan(0);
    expect(run.code).toBe(0);
    // What was taken and never answered, two that waited, and the rest.
    expect(run.stderr.split('\n')).toEqual([
      `respan: sending spans to Respan (${url}/api/v2/traces) fails: no answer before the app ended`,
      expect.stringMatching(
        /^respan: 10 spans are lost on their way to Respan: \d found the queue full \(OTEL_BSP_MAX_QUEUE_SIZE, RESPAN_MAX_QUEUE_BYTES\), \d could not be delivered; 0 arrived$/,
      ),
      '',
    ]);
  });
});

describe('the natural end', () => {
  it.each(['20', '24'] as const)('waits for everything to be delivered, and no longer (Node %s)', (node) =>
    withCollector(async (collector) => {
      const end = endOf();
      const env = { RESPAN_API_KEY: 'k', RESPAN_BASE_URL: collector.url, CALLS: '30', ...end.env };
      const run = await runApp({ app: 'app.mjs', cwd: modelApp(), env, node });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(modelSpans(collector.spans())).toHaveLength(30);
      expect(end.millis()).toBeLessThan(1_000);
    }),
  );

  it('comes by itself next to an unreferenced server and a connection that is kept alive', () =>
    withCollector(async (collector) => {
      const folder = modelApp();
      const app = `import { createServer } from 'node:http';
        import './app.mjs';
        createServer(() => {}).listen(0, '127.0.0.1').unref();`;
      writeFileSync(join(folder, 'live.mjs'), app);
      const end = endOf();
      const env = { RESPAN_API_KEY: 'k', RESPAN_BASE_URL: collector.url, ...end.env };
      expectQuiet(await runApp({ app: 'live.mjs', cwd: folder, env }));
      expect(end.millis()).toBeLessThan(1_000);
    }));

  it('has each span out before the next one with batching off', () =>
    withCollector(async (collector) => {
      const env = {
        RESPAN_API_KEY: 'k',
        RESPAN_BASE_URL: collector.url,
        RESPAN_BATCHING_ENABLED: 'false',
        RESPAN_INSTRUMENTS: 'openai',
        CALLS: '5',
      };
      expect(await call(env)).toMatchObject({ code: 0, stderr: '' });
      expect(collector.requests).toHaveLength(5);
      for (const { body } of collector.requests) expect(spansOf(body.toString('utf8'))).toHaveLength(1);
    }));
});

it.each(['20', '24'] as const)('never traces its own requests (Node %s)', (node) =>
  withCollector((otlp) =>
    withCollector(async (respan) => {
      const env = {
        RESPAN_API_KEY: 'k',
        RESPAN_BASE_URL: respan.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        RESPAN_BATCHING_ENABLED: 'false',
        CALLS: '5',
      };
      expect(await runApp({ app: 'app.mjs', cwd: modelApp(), env, node })).toMatchObject({
        code: 0,
        stderr: '',
      });
      const ports = [respan, otlp].map(({ url }) => Number(new URL(url).port));
      for (const { spans } of [respan, otlp]) {
        // Per call: the model call, the client's request, the provider's.
        expect(spans()).toHaveLength(15);
        expect(spans().filter(({ attributes }) => ports.includes(Number(attributes['server.port'])))).toEqual(
          [],
        );
      }
    }),
  ),
);

describe('a worker', () => {
  it.each(['20', '24'] as const)('delivers its spans at its own end (Node %s)', (node) =>
    withCollector(async (collector) => {
      const folder = modelApp({
        'main.mjs': `import { Worker } from 'node:worker_threads';
          new Worker(new URL('./app.mjs', import.meta.url)).on('exit', (code) => console.log('worker', code));`,
      });
      const env = { RESPAN_API_KEY: 'k', RESPAN_BASE_URL: collector.url };
      const run = await runApp({ app: 'main.mjs', cwd: folder, env, node });
      expect(run).toEqual({ code: 0, signal: null, stdout: `${ANSWER}worker 0\n`, stderr: '' });
      expect(modelSpans(collector.spans())).toHaveLength(1);
    }),
  );
});

describe('the exit code', () => {
  it('stays what the app made it, whatever the backend does', async () => {
    const folder = modelApp();
    const app = `${readFileSync(join(folder, 'app.mjs'), 'utf8')}\nprocess.exitCode = 7;\n`;
    writeFileSync(join(folder, 'app.mjs'), app);
    const run = await call({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, folder);
    expect(run.code).toBe(7);
  });
});
