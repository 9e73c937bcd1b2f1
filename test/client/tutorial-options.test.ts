import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instruments } from '../docs/python-tutorial';
import { type Collector, startCollector } from '../harness/collector';
import { startMockServices } from '../harness/mock-services';
import { root } from '../harness/paths';
import { installQuickstart, quickstart } from '../harness/quickstart';
import { type AppRun, runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';
import { linkInto, tempApp } from '../harness/temp-app';
import { respan } from './package';

/** The options and the patterns of the Python tutorial's chapters on initialization and instrumentation. */

let services: { url: string; stop(): Promise<void> };
let collector: Collector;
let folder: string;
let programs = 0;

beforeAll(async () => {
  installQuickstart();
  services = await startMockServices();
  folder = tempApp({});
  linkInto(folder, { respan: root, openai: join(quickstart, 'node_modules/openai') });
}, 120_000);
afterAll(() => services?.stop());
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(() => collector.close());

const CALL = `
  await new OpenAI().chat.completions.create({
    model: 'gpt-3.5-turbo', messages: [{ role: 'user', content: 'Clap once' }] });`;

/** Runs `code`, for which everything is imported already, with a Respan that is the collector. */
async function program(code: string, env: Record<string, string | undefined> = {}): Promise<AppRun> {
  const file = `program-${programs++}.mjs`;
  const imports = `import OpenAI from 'openai';\nimport * as respan from 'respan';
    const { FileSpanExporter, getClient, Instruments, RespanTelemetry, task, workflow } = respan;`;
  tempApp({ [file]: `${imports}\n${code}` }, {}, folder);
  const result = await runApp({
    app: join(folder, file),
    preload: 'none',
    cwd: folder,
    env: {
      RESPAN_BASE_URL: collector.url,
      RESPAN_API_KEY: 'key-of-the-environment',
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: `${services.url}/v1`,
      ...env,
    },
  });
  expect(result, result.stderr).toMatchObject({ code: 0 });
  return result;
}

const tree = (show?: string[]) => spanTree(collector.spans(), show);
const names = () => collector.spans().map(({ name }) => name);
const DO = `task({ name: 'work' }, () => 1)();`;

describe('parameters', () => {
  it('appName', async () => {
    await program(`new RespanTelemetry({ appName: 'my-app' }); ${DO}`);
    expect(collector.spans()[0]?.resource['service.name']).toBe('my-app');
  });

  it('apiKey', async () => {
    await program(`new RespanTelemetry({ apiKey: 'respan-xxx' }); ${DO}`);
    expect(collector.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer respan-xxx']);
  });

  it('baseUrl', async () => {
    const env = { RESPAN_BASE_URL: 'http://127.0.0.1:9' };
    await program(`new RespanTelemetry({ baseUrl: '${collector.url}/api' }); ${DO}`, env);
    expect(collector.requests.map(({ url }) => url)).toEqual(['/api/v2/traces']);
  });

  it.each(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'])('logLevel %s', async (logLevel) => {
    const code = `new RespanTelemetry({ logLevel: '${logLevel}' });
      getClient().getSpanBuffer('');
      ${DO}`;
    const { stderr } = await program(code);
    expect(stderr.includes('instruments: openai')).toBe(logLevel === 'DEBUG');
    expect(stderr.includes('the trace id has to be text')).toBe(
      ['DEBUG', 'INFO', 'WARNING'].includes(logLevel),
    );
  });

  it('isBatchingEnabled', async () => {
    const code = `task({ name: 'one' }, () => {})(); task({ name: 'two' }, () => {})();`;
    await program(`new RespanTelemetry(); ${code}`);
    expect(collector.requests).toHaveLength(1);
    await program(`new RespanTelemetry({ isBatchingEnabled: false }); ${code}`);
    expect(collector.requests).toHaveLength(3);
  });

  it('instruments', async () => {
    await program(`new RespanTelemetry({ instruments: [Instruments.OPENAI] }); ${CALL}`);
    expect(names()).toEqual(['openai.chat']);
  });

  it('instruments: a set, and aliases', async () => {
    await program(`new RespanTelemetry({ instruments: new Set(['azure', 'fetch']) }); ${CALL}`);
    expect(names().sort()).toEqual(['POST', 'openai.chat']);
  });

  it('instruments: none', async () => {
    await program(
      `new RespanTelemetry({ instruments: [] });
      await workflow({ name: 'all' }, async () => {
        ${CALL}
        getClient().getTracer().startActiveSpan('by hand', (span) => {
          getClient().updateCurrentSpan({ attributes: { updated: true } });
          span.end();
        });
      })();`,
    );
    expect(tree(['updated'])).toBe('all.workflow\n  by hand updated=true');
  });

  it('blockInstruments', async () => {
    const blocked = '[Instruments.REQUESTS, Instruments.URLLIB3]';
    await program(`new RespanTelemetry({ blockInstruments: ${blocked} }); ${CALL}`);
    expect(names()).toEqual(['openai.chat']);
  });

  it('headers', async () => {
    await program(`new RespanTelemetry({ headers: { 'x-team': 'a, b' } }); ${DO}`);
    expect(collector.requests.map(({ headers }) => headers['x-team'])).toEqual(['a, b']);
  });

  it('resourceAttributes', async () => {
    const attributes = `{ 'deployment.environment.name': 'staging', 'service.version': '1.2' }`;
    await program(`new RespanTelemetry({ resourceAttributes: ${attributes} }); ${DO}`);
    expect(collector.spans()[0]?.resource).toMatchObject({
      'deployment.environment.name': 'staging',
      'service.version': '1.2',
    });
  });

  it('spanPostprocessCallback', async () => {
    const code = `new RespanTelemetry({ spanPostprocessCallback(span) { span.attributes.seen = span.name; } });`;
    await program(`${code} ${DO}`);
    expect(tree(['seen'])).toBe('work.task seen="work.task"');
  });

  it('isEnabled: false', async () => {
    const { stdout, stderr } = await program(
      `new RespanTelemetry({ isEnabled: false });
      console.log(task({ name: 'work' }, () => 42)(), getClient().getCurrentTraceId()); ${CALL}`,
    );
    expect({ stdout, stderr, spans: names() }).toEqual({ stdout: '42 undefined\n', stderr: '', spans: [] });
  });
});

it('all of them at once', async () => {
  await program(
    `new RespanTelemetry({
      appName: 'my-app',
      apiKey: 'respan-xxx',
      baseUrl: '${collector.url}',
      logLevel: 'INFO',
      isBatchingEnabled: true,
      instruments: [Instruments.OPENAI, Instruments.ANTHROPIC],
      blockInstruments: [Instruments.ANTHROPIC],
      headers: { 'x-team': 'a' },
      resourceAttributes: { 'service.version': '1.2' },
      spanPostprocessCallback: (span) => { span.attributes.seen = true; },
      isEnabled: true,
    }); ${CALL}`,
  );
  expect(tree(['seen'])).toBe('openai.chat seen=true');
  const [request] = collector.requests;
  expect(request?.headers).toMatchObject({ authorization: 'Bearer respan-xxx', 'x-team': 'a' });
});

it('Instruments has every name of the tutorial', () => {
  const named = Object.fromEntries(instruments.map((id) => [id.toUpperCase(), id]));
  expect(respan.Instruments).toEqual(named);
});

it('flush exports what has finished', async () => {
  const code = `new RespanTelemetry(); ${DO} await getClient().flush();
    await fetch('${collector.url}/after-flush', { method: 'POST' });`;
  await program(code, { RESPAN_INSTRUMENTS: 'none' });
  expect(collector.requests.map(({ url }) => url)).toEqual(['/api/v2/traces', '/after-flush']);
});

describe('variables', () => {
  it('answer for what the options leave out', async () => {
    const { stderr } = await program(
      `new RespanTelemetry({ appName: 'my-app' }); task(() => 1)(); task(() => 2)();`,
      { RESPAN_LOG_LEVEL: 'DEBUG', RESPAN_BATCHING_ENABLED: 'false' },
    );
    expect(collector.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer key-of-the-environment',
      'Bearer key-of-the-environment',
    ]);
    expect(stderr).toContain('respan: version ');
  });
});

describe('patterns', () => {
  it('minimal: with an API key everything goes to Respan', async () => {
    await program(
      `const telemetry = new RespanTelemetry({ appName: 'my-app', apiKey: 'your-key' });
      telemetry.task({ name: 'my_task' }, () => {})();`,
      { RESPAN_API_KEY: undefined },
    );
    expect(names()).toEqual(['my_task.task']);
  });

  it('development: all instruments, and each says that it is there', async () => {
    const { stderr } = await program(`new RespanTelemetry({ logLevel: 'DEBUG' }); ${CALL}`);
    expect(stderr).toContain('respan: Initialized OpenAI instrumentation');
    expect(names().sort()).toEqual(['POST', 'openai.chat']);
  });

  it('production: fewer words, and no HTTP', async () => {
    const { stderr } = await program(
      `new RespanTelemetry({
        logLevel: 'WARNING',
        blockInstruments: [Instruments.REQUESTS, Instruments.URLLIB3],
      });
      ${CALL}`,
    );
    expect({ stderr, names: names() }).toEqual({ stderr: '', names: ['openai.chat'] });
  });

  it('backend: one processor of its own, each span as it ends', async () => {
    const { stdout } = await program(
      `const telemetry = new RespanTelemetry({
        appName: 'my-backend',
        isBatchingEnabled: false,
        instruments: [],
        blockInstruments: [Instruments.THREADING],
      });
      class DirectLoggingExporter {
        export(spans, done) { console.log(spans.map(({ name }) => name).join()); done({ code: 0 }); }
      }
      telemetry.addProcessor({ exporter: new DirectLoggingExporter(), name: 'logging' });
      workflow({ name: 'api_endpoint', processors: 'logging' }, () => console.log('worked'))();
      console.log('went on');`,
      { RESPAN_API_KEY: undefined },
    );
    expect(stdout).toBe('worked\napi_endpoint.workflow\nwent on\n');
  });

  it('context goes on across async code, whatever is picked', async () => {
    const { stderr } = await program(
      `new RespanTelemetry({ instruments: [Instruments.OPENAI], logLevel: 'debug' });
      import { setTimeout } from 'node:timers/promises';
      await workflow({ name: 'all' }, async () => { await setTimeout(1); ${CALL} })();`,
    );
    expect(stderr).toContain('instruments: openai, threading\n');
    expect(tree()).toBe('all.workflow\n  openai.chat');
  });

  it('threading can be blocked', async () => {
    const { stderr } = await program(
      `new RespanTelemetry({ blockInstruments: [Instruments.THREADING], logLevel: 'debug' });`,
    );
    expect(stderr).toMatch(/instruments: openai.* blocked: threading\n/);
  });
});
