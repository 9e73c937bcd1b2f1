import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../harness/collector';
import { type ModelServer, startModelServer } from '../harness/model-server';
import type { NodeName } from '../harness/nodes';
import { apiFolder, type Format, place } from '../harness/otel-apps';
import { runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';

let models: ModelServer;
let collector: Collector;
beforeAll(async () => {
  models = await startModelServer();
});
beforeEach(async () => {
  collector = await startCollector();
  return () => collector.close();
});
afterAll(() => models.close());

const env = () => ({ RESPAN_API_KEY: 'k', RESPAN_BASE_URL: collector.url, MODEL_URL: models.url });

const APIS = ['1.0', '1.4', '1.7', '1.9.0', '1.9', '1.10'];
const NODES: [NodeName, string][] = [
  ['20', 'openai-6'],
  ['24', 'openai-7'],
];
const FORMATS: Format[] = ['mjs', 'cjs'];
const cases = APIS.flatMap((api) =>
  NODES.flatMap(([node, openai]) => FORMATS.map((format) => ({ api, node, openai, format }))),
);

describe('an app with no SDK of its own that makes spans by hand', () => {
  it.each(cases)('API $api, Node $node, $format: one trace', async ({ api, node, openai, format }) => {
    const app = place(apiFolder(api, openai), 'opentelemetry/own-spans.mjs', format);
    const run = await runApp({ app, node, preload: format === 'mjs' ? 'import' : 'require', env: env() });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(
      'active span is mine: true true\nreturns its value: 3\nno active span: undefined\n',
    );
    const spans = collector.spans();
    expect(spanTree(spans, ['url.path'])).toBe(
      [
        'renamed parent ERROR',
        '  openai.chat',
        '    inside the model call',
        '      POST url.path="/v1/chat/completions"',
        '  GET url.path="/fetched"',
        '  GET',
        '  failing',
        '  with',
        '    below with',
        '  bound',
        '  emitted',
        'root',
      ].join('\n'),
    );
    const parent = spans.find(({ name }) => name === 'renamed parent');
    expect(parent).toMatchObject({
      scope: 'app',
      status: { code: 2, message: 'on purpose' },
      attributes: { 'app.number': 1, 'app.text': 'a' },
      events: [{ name: 'happened' }, { name: 'exception' }],
    });
  });
});

const pairs = [
  ['1.0', '1.10'],
  ['1.4', '1.9'],
  ['1.9.0', '1.9'],
  ['1.9', '1.10'],
].flatMap(([older = '', newer = '']) => [
  { app: older, library: newer },
  { app: newer, library: older },
]);

describe('two copies of the API in one process', () => {
  const orders = ['two-copies', 'two-copies-library-first'];
  const runs = pairs.flatMap((pair) =>
    orders.flatMap((order) =>
      NODES.map(([node], at) => ({ ...pair, order, node, format: FORMATS[at] ?? ('mjs' as const) })),
    ),
  );
  it.each(runs)('app $app, library $library, $order, Node $node $format', async (run) => {
    const app = place(
      apiFolder(run.app, 'openai-6', run.library),
      `opentelemetry/${run.order}.mjs`,
      run.format,
    );
    const { code, stderr } = await runApp({ app, node: run.node, env: env() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(spanTree(collector.spans())).toBe(
      ['app work', '  library work', '    app inside library', '    openai.chat', '      POST'].join('\n'),
    );
  });
});
