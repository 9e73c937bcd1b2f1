import { describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { startModelServer } from '../harness/model-server';
import type { NodeName } from '../harness/nodes';
import { apiFolder, type Format, place } from '../harness/otel-apps';
import { runApp } from '../harness/run-app';
import { modelSpans, spanTree } from '../harness/span-tree';

const cases = (['20', '24'] as NodeName[]).flatMap((node) =>
  (['mjs', 'cjs'] as Format[]).map((format) => ({ node, format })),
);
type Case = (typeof cases)[number];

async function outcome({ node, format }: Case, fixture: string, env: Record<string, string> = {}) {
  const [models, collector] = await Promise.all([startModelServer(), startCollector()]);
  const run = await runApp({
    app: place(apiFolder('1.9', 'openai-6'), fixture, format),
    node,
    preload: format === 'mjs' ? 'import' : 'require',
    env: { RESPAN_API_KEY: 'k', RESPAN_BASE_URL: collector.url, MODEL_URL: models.url, ...env },
  });
  await Promise.all([models.close(), collector.close()]);
  expect(run).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  return { requests: models.requests, spans: collector.spans() };
}

describe('a service that calls other services and models', () => {
  it.each(cases)('Node $node, $format: one trace, from and to its own kind only', async (details) => {
    const { requests, spans } = await outcome(details, 'http/service.mjs');
    // The client that starts the trace by hand is a root of its own.
    const server = spans.find(({ kind }) => kind === 2);
    expect(server).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16) });
    const inTrace = spans.filter(({ traceId }) => traceId === server?.traceId);
    expect(inTrace).toHaveLength(spans.length - 1);
    expect(
      spanTree(inTrace.map((span) => (span === server ? { ...span, parentSpanId: undefined } : span))),
    ).toBe(
      [
        'GET',
        '  GET',
        '  GET',
        '  GET',
        '  GET',
        '  openai.chat',
        '    POST',
        '  GET',
        '  GET',
        '  GET',
        '  GET',
        '  openai.embeddings',
        '    POST',
        '  openai.chat',
        '    POST',
      ].join('\n'),
    );

    const traceparents = Object.fromEntries(requests.map(({ path, headers }) => [path, headers.traceparent]));
    const idOf = (path: string): string => {
      const span = inTrace.find(({ attributes }) => String(attributes['url.full']).endsWith(path));
      return `00-${span?.traceId}-${span?.spanId}-01`;
    };
    expect(traceparents).toEqual({
      '/own/fetch': idOf('/own/fetch'),
      '/own/http': idOf('/own/http'),
      '/own/on-aws': idOf('/own/on-aws'),
      '/own/traced-by-hand': 'by hand',
      '/own/traced-by-hand-too': 'by hand',
      '/v1/chat/completions': undefined,
      '/v1/embeddings': undefined,
      '/v1/responses': undefined,
      '/vendor/fetch': undefined,
      '/vendor/http': undefined,
      '/vendor/bedrock': undefined,
    });
    const sent = requests.flatMap(({ headers }) => Object.keys(headers));
    expect(sent).not.toContain('tracestate');
    expect(sent).not.toContain('baggage');
  });

  it.each(cases)('Node $node, $format: without HTTP instruments, model calls alone', async (details) => {
    const { requests, spans } = await outcome(details, 'http/service.mjs', {
      RESPAN_BLOCK_INSTRUMENTS: 'requests,urllib3',
    });
    expect(spanTree(spans)).toBe('openai.chat\nopenai.embeddings\nopenai.chat');
    expect(modelSpans(spans)).toHaveLength(3);
    const traceparents = requests.map(({ headers }) => headers.traceparent).filter(Boolean);
    expect(traceparents).toEqual(['by hand', 'by hand']);
  });
});

/** The instruments start with the first message of their channels; node:http speaks when the request is under way. */
describe('an app without model libraries', () => {
  const seen = {
    http: ['/second/http'],
    fetch: ['/first/fetch', '/second/fetch'],
    server: ['/first/server', '/second/server'],
  };
  const runs = cases.flatMap((details) => [
    { ...details, kinds: 'http', paths: seen.http },
    { ...details, kinds: 'fetch', paths: seen.fetch },
    { ...details, kinds: 'server', paths: seen.server },
  ]);
  it.each(runs)(
    'Node $node, $format: $kinds is seen from $paths.0 on',
    async ({ kinds, paths, ...details }) => {
      const { spans } = await outcome(details, 'http/first-request.mjs', { KINDS: kinds });
      expect(
        spans.map(
          ({ attributes }) => attributes['url.path'] ?? new URL(String(attributes['url.full'])).pathname,
        ),
      ).toEqual(paths);
    },
  );
});
