import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { linkTree } from '../harness/app-folder';
import type { CollectedSpan } from '../harness/collector';
import { startLongRun } from '../harness/long-run';
import { startNetProvider } from '../harness/net-provider';
import { nodeBinary } from '../harness/nodes';
import { cache, fixtures, register } from '../harness/paths';
import type { ProviderServer } from '../harness/provider-suite';
import { run } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';
import { nodeOptions, type Place, wayGroup } from '../harness/ways';

/** Next.js, whose bundler has put the openai SDK into the route that uses it. */
const group = wayGroup('next', 'Next.js');

const folder = join(cache, 'next-app');
const nextOf = (app: string): string => join(app, 'node_modules/next/dist/bin/next');
const env = {
  NEXT_TELEMETRY_DISABLED: '1',
  PORT: undefined,
  // `next dev` asks for news of its packages.
  npm_config_registry: 'http://127.0.0.1:9/',
};

let provider: ProviderServer;

beforeAll(async () => {
  const built = join(folder, '.respan-built');
  if (!existsSync(built)) {
    mkdirSync(folder, { recursive: true });
    cpSync(join(fixtures, 'next-app'), folder, { recursive: true });
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    const installed = await run('npm', ['ci', ...flags], { cwd: folder, timeoutMillis: 300_000 });
    expect(installed).toMatchObject({ code: 0 });
    const options = { cwd: folder, env: { ...env, NODE_ENV: 'production' }, timeoutMillis: 300_000 };
    const build = await run(nodeBinary('24'), [nextOf(folder), 'build'], options);
    expect(build, build.stderr).toMatchObject({ code: 0 });
    writeFileSync(built, '');
  }
  provider = await startNetProvider();
}, 600_000);

afterAll(() => provider?.close());

/** Asks the route, which asks a model twice. */
async function serve({ binary }: Place, command: 'start' | 'dev', flags: string[]): Promise<void> {
  const { env: services, spans } = group.backends();
  const port = await freePort();
  const server = startLongRun([binary, nextOf(folder), command, '-p', String(port)], {
    cwd: folder,
    env: { ...env, ...services, ...nodeOptions(flags), PROVIDER_URL: provider.url },
  });
  let trace: CollectedSpan[] = [];
  try {
    await server.until('it is ready', () => server.stdout().includes('Ready'));
    const response = await fetch(`http://127.0.0.1:${port}/api/chat`, {
      method: 'POST',
      body: JSON.stringify({ question: '[next]' }),
    });
    const text = 'MARK-ANSWER café 日本';
    expect(await response.json()).toEqual({ answer: text, streamed: text });
    // The request, the calls and their requests.
    await server.until('the trace has come', () => (trace = traceOf(spans())).length >= 5);
  } finally {
    await server.stop();
  }
  expectCalls(trace);
}

/** What belongs to the incoming request; Next.js makes requests of its own. */
function traceOf(spans: CollectedSpan[]): CollectedSpan[] {
  const incoming = spans.find(({ kind, parentSpanId }) => kind === 2 && !parentSpanId);
  return spans.filter(({ traceId }) => traceId === incoming?.traceId);
}

function expectCalls(spans: CollectedSpan[]): void {
  const calls = modelSpans(spans);
  expect(calls.map(({ name }) => name)).toEqual(['openai.chat', 'openai.chat']);
  for (const { scope, attributes, parentSpanId, spanId } of calls) {
    expect(scope).toBe('respan.model_http');
    expect(attributes).toMatchObject({
      'gen_ai.response.model': 'm-2026',
      'gen_ai.usage.input_tokens': 11,
      'gen_ai.usage.output_tokens': 7,
    });
    expect(attributes['gen_ai.input.messages']).toContain('[next]');
    expect(attributes['gen_ai.output.messages']).toContain('MARK-ANSWER café 日本');
    // Below the incoming request, above the outgoing one.
    const ids = new Map(spans.map((span) => [span.spanId, span]));
    let above = ids.get(parentSpanId ?? '');
    while (above?.parentSpanId && ids.has(above.parentSpanId)) above = ids.get(above.parentSpanId);
    expect(above).toMatchObject({ kind: 2 });
    expect(spans.filter((span) => span.parentSpanId === spanId).map(({ kind }) => kind)).toEqual([3]);
  }
  expect(provider.takeRequests().join('\n')).not.toMatch(/traceparent/i);
}

/** A build, and its processes for pages, are no app: nothing of ours is said or sent, however talkative we are. */
async function build({ node, binary }: Place): Promise<void> {
  const copy = join(cache, `next-build-${process.pid}-${node}`);
  const { env: services, spans } = group.backends();
  try {
    cpSync(join(fixtures, 'next-app'), copy, { recursive: true });
    linkTree(join(folder, 'node_modules'), join(copy, 'node_modules'));
    const built = await run(binary, [nextOf(copy), 'build'], {
      cwd: copy,
      env: { ...env, ...services, ...nodeOptions(['--require', register]), RESPAN_LOG_LEVEL: 'debug' },
      timeoutMillis: 300_000,
    });
    expect(built, built.stderr).toMatchObject({ code: 0 });
    expect(built.stdout + built.stderr).not.toContain('respan:');
    expect(spans()).toEqual([]);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const BUNDLED = 'Next.js makes bundles of its own of whatever it is given.';
const apps = { esm: 'app/api/chat/route.js' };

group.ways([
  {
    way: '`next start`',
    note: 'Libraries are in bundles: calls are known by their requests, with tokens and content.',
    apps,
    missing: { cjs: BUNDLED },
    tryOn: (place) => serve(place, 'start', ['--require', register]),
  },
  {
    way: '`next dev`',
    note: 'As `next start`. Its own requests (it asks the registry for news) are spans as well. It kills its server 0.1 s after Ctrl-C, and what ended right before is lost.',
    apps,
    missing: { cjs: BUNDLED },
    tryOn: (place) => serve(place, 'dev', ['--require', register]),
  },
  {
    way: '`next build`',
    isSlow: true,
    note: 'Left alone, with the processes it starts.',
    apps,
    missing: { cjs: BUNDLED },
    tryOn: build,
  },
]);

group.describeRecord();

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
