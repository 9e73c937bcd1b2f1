import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, startCollector } from '../harness/collector';
import { startNetProvider } from '../harness/net-provider';
import { nodeBinary } from '../harness/nodes';
import { cache, fixtures, register } from '../harness/paths';
import { exportTo, type ProviderServer } from '../harness/provider-suite';
import { run } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';

/** A production server of Next.js, whose bundler has put the openai SDK into the route that uses it. */
const folder = join(cache, 'next-app');
const next = join(folder, 'node_modules/next/dist/bin/next');
const env = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', PORT: undefined };

let provider: ProviderServer;
let collector: Collector;
let server: ChildProcess | undefined;

beforeAll(async () => {
  const built = join(folder, '.respan-built');
  if (!existsSync(built)) {
    mkdirSync(folder, { recursive: true });
    cpSync(join(fixtures, 'next-app'), folder, { recursive: true });
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    const installed = await run('npm', ['ci', ...flags], { cwd: folder, timeoutMillis: 300_000 });
    expect(installed).toMatchObject({ code: 0 });
    const options = { cwd: folder, env, timeoutMillis: 300_000 };
    const build = await run(nodeBinary('24'), [next, 'build'], options);
    expect(build, build.stderr).toMatchObject({ code: 0 });
    writeFileSync(built, '');
  }
  [provider, collector] = await Promise.all([startNetProvider(), startCollector()]);
}, 600_000);

afterAll(async () => {
  server?.kill();
  await Promise.all([provider?.close(), collector?.close()]);
});

it('is traced through the SDK in its bundle, with tokens and content', async () => {
  const port = await freePort();
  server = spawn(nodeBinary('24'), ['--require', register, next, 'start', '-p', String(port)], {
    cwd: folder,
    env: { ...process.env, ...env, PROVIDER_URL: provider.url, ...exportTo(collector) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const onText = (text: Buffer) => {
      said += text;
      if (said.includes('Ready')) resolve();
    };
    server?.stdout?.on('data', onText);
    server?.stderr?.on('data', onText);
    server?.on('exit', () => reject(new Error(said)));
  });
  const response = await fetch(`http://127.0.0.1:${port}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ question: '[next]' }),
  });
  const text = 'MARK-ANSWER café 日本';
  expect(await response.json()).toEqual({ answer: text, streamed: text });
  expect(provider.takeRequests().join('\n')).not.toMatch(/traceparent/i);

  const spans = await collected(2);
  const calls = modelSpans(spans);
  expect(calls.map(({ name }) => name)).toEqual(['openai.chat', 'openai.chat']);
  for (const { scope, attributes, traceId, parentSpanId, spanId } of calls) {
    expect(scope).toBe('respan.model_http');
    expect(attributes).toMatchObject({
      'gen_ai.response.model': 'm-2026',
      'gen_ai.usage.input_tokens': 11,
      'gen_ai.usage.output_tokens': 7,
    });
    expect(attributes['gen_ai.input.messages']).toContain('[next]');
    expect(attributes['gen_ai.output.messages']).toContain(text);
    // Below the incoming request, above the outgoing one.
    const ids = new Map(spans.map((span) => [span.spanId, span]));
    let above = ids.get(parentSpanId ?? '');
    while (above?.parentSpanId && ids.has(above.parentSpanId)) above = ids.get(above.parentSpanId);
    expect(above).toMatchObject({ kind: 2, traceId });
    expect(spans.filter((span) => span.parentSpanId === spanId).map(({ kind }) => kind)).toEqual([3]);
  }
});

/** The spans, once `count` model calls and the request they were made for have come. */
async function collected(count: number) {
  for (;;) {
    const spans = collector.spans();
    const isServed = spans.some(({ kind, parentSpanId }) => kind === 2 && !parentSpanId);
    if (modelSpans(spans).length >= count && isServed) return spans;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
