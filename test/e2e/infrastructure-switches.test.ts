import { describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';

const TRACE = 'a'.repeat(32);

async function outcome(format: 'mjs' | 'cjs', env: Record<string, string>, preload = true) {
  const collector = await startCollector();
  const run = await runApp({
    app: `logs.${format}`,
    cwd: placeApp('infrastructure', ['pino-10', 'winston-3']),
    node: format === 'mjs' ? '24' : '20',
    preload: preload ? 'require' : 'none',
    env: { ...exportTo(collector), ...env },
  });
  await collector.close();
  return { run, scopes: new Set(collector.spans().map(({ scope }) => scope)), spans: collector.spans() };
}

describe.each(['mjs', 'cjs'] as const)('as %s', (format) => {
  it('log lines are the app’s own', async () => {
    const [bare, traced] = await Promise.all([outcome(format, {}, false), outcome(format, {})]);
    expect(traced.run).toEqual(bare.run);
    expect(traced.run).toMatchObject({ code: 0, stderr: '' });
    expect(traced.run.stdout).toContain('"inside"');
    expect(traced.spans.map(({ traceId }) => traceId)).toEqual([TRACE]);
  });

  it.each<Record<string, string>>([
    { OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,pino,winston' },
    { RESPAN_INSTRUMENTS: 'all,pino,winston' },
  ])('log lines say their trace where it is asked for: %j', async (env) => {
    const { run, spans } = await outcome(format, env);
    const lines = run.stdout.trim().split('\n');
    const of = lines.map((line) => JSON.parse(line) as { trace_id?: string; span_id?: string });
    expect(of.map(({ trace_id }) => trace_id)).toEqual([undefined, TRACE, TRACE, TRACE]);
    expect(of[1]?.span_id).toBe(spans[0]?.spanId);
  });
});

it('builtins are traced where they are named, and files only inside other spans', async () => {
  const { run, spans, scopes } = await outcome('cjs', { RESPAN_INSTRUMENTS: 'all,fs,dns,net' });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(scopes).toContain('@opentelemetry/instrumentation-net');
  for (const { scope, parentSpanId } of spans) {
    if (scope.endsWith('-fs')) expect(parentSpanId).toBeDefined();
  }
});

it('OTEL_NODE_DISABLED_INSTRUMENTATIONS takes one out', async () => {
  const { run, spans } = await outcome('mjs', { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'http' });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(spans).toEqual([]);
});
