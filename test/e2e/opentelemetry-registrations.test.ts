import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Collector, startCollector } from '../harness/collector';
import { type ModelServer, startModelServer } from '../harness/model-server';
import type { NodeName } from '../harness/nodes';
import { apiFolder, type Format, place } from '../harness/otel-apps';
import { runApp } from '../harness/run-app';
import { modelSpans, spanTree } from '../harness/span-tree';

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

/** In every order in which a first registration can pin the version of the API. */
const REGISTRATIONS = [
  'diag,trace',
  'context',
  'propagation,context,trace',
  'metrics,diag',
  'trace,context,propagation,metrics',
];
const APIS: [api: string, node: NodeName, format: Format][] = [
  ['1.0', '20', 'cjs'],
  ['1.4', '24', 'mjs'],
  ['1.9', '20', 'mjs'],
  ['1.10', '24', 'cjs'],
];
const cases = APIS.flatMap(([api, node, format]) =>
  REGISTRATIONS.map((register) => ({
    api,
    node,
    format,
    register: api === '1.0' ? register.replace(/,?metrics,?/, '') : register,
  })),
);

it.each(cases)(
  'API $api, Node $node, $format registers $register',
  async ({ api, node, format, register }) => {
    const app = place(apiFolder(api, 'openai-6'), 'opentelemetry/registrations.mjs', format);
    const env = {
      RESPAN_API_KEY: 'k',
      RESPAN_BASE_URL: collector.url,
      MODEL_URL: models.url,
      REGISTER: register,
    };
    const [without, withUs] = await Promise.all([
      runApp({ app, node, env, preload: 'none' }),
      runApp({ app, node, env, preload: format === 'mjs' ? 'import' : 'require' }),
    ]);
    expect(withUs).toEqual(without);
    expect(without.code).toBe(0);
    for (const part of register.split(',')) expect(without.stdout).toContain(`${part} true`);
    expect(modelSpans(collector.spans())).toHaveLength(1);
    expect(spanTree(collector.spans())).not.toContain('parent missing');
  },
);
