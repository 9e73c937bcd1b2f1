import { beforeAll, describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { startMistralProvider } from '../harness/mistral-provider';
import { stepOf } from '../harness/model-span-lines';
import type { NodeName } from '../harness/nodes';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';

let folder: string;
beforeAll(() => {
  folder = placeApp('mistral', ['mistral-2']);
});

const CALLS = ['chat', 'conversation', 'embeddings', 'refused', 'stream'];
const NATIVE = 'mistralai_sdk_tracer';

/** `traceparent` has random ids, with and without us. */
const comparable = (requests: string[]) =>
  requests.map((request) => request.replace(/00-[0-9a-f]{32}-[0-9a-f]{16}-01/, 'trace')).sort();

async function run(node: NodeName, preload: 'import' | 'none', env: Record<string, string | undefined>) {
  const [provider, collector] = await Promise.all([startMistralProvider(), startCollector()]);
  try {
    const { code, stdout, stderr } = await runApp({
      app: 'native.mjs',
      cwd: folder,
      node,
      preload,
      env: { PROVIDER_URL: provider.url, ...exportTo(collector), ...env },
    });
    const port = new URL(provider.url).port;
    const requests = provider.takeRequests().map((request) => request.replaceAll(port, '<port>'));
    return {
      run: { code, stdout, stderr },
      requests: comparable(requests.filter((request) => !request.includes('/telemetry/'))),
      exported: requests.filter((request) => request.includes('/telemetry/')).join('\n'),
      spans: collector.spans(),
    };
  } finally {
    await Promise.all([provider.close(), collector.close()]);
  }
}

async function bareAndTraced(env: Record<string, string | undefined>, node: NodeName = '24') {
  const bare = await run(node, 'none', env);
  const traced = await run(node, 'import', env);
  expect(bare.run.code, bare.run.stderr).toBe(0);
  expect(traced.run).toEqual(bare.run);
  expect(traced.requests).toEqual(bare.requests);
  return { bare, traced };
}

type Run = Awaited<ReturnType<typeof run>>;
const callsOf = ({ spans }: Run) => modelSpans(spans).map(stepOf).sort();
const nativeOf = ({ spans }: Run) => spans.filter(({ scope }) => scope === NATIVE);

function expectWholeTraces({ spans }: Run) {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  expect(spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);
}

describe("Mistral's own telemetry", () => {
  it.each(['20', '24'] as const)('gives way to ours where the app has no SDK: Node %s', async (node) => {
    const { traced } = await bareAndTraced({ MISTRAL_SDK_TELEMETRY: 'global' }, node);
    expect(callsOf(traced)).toEqual(CALLS);
    expect(nativeOf(traced)).toEqual([]);
    expectWholeTraces(traced);
    // The HTTP request is below the model call all the same.
    const models = modelSpans(traced.spans);
    for (const { spanId } of models) {
      expect(traced.spans.filter(({ parentSpanId }) => parentSpanId === spanId)).toHaveLength(1);
    }
    expect(traced.requests.join('\n')).not.toMatch(/traceparent/i);
  });

  it('is silent where mistral is switched off', async () => {
    const off = { MISTRAL_SDK_TELEMETRY: 'global', RESPAN_BLOCK_INSTRUMENTS: 'mistral,requests,urllib3' };
    const { traced } = await bareAndTraced(off);
    expect(traced.spans).toEqual([]);
  });

  it.each([
    { MODE: 'global', MISTRAL_SDK_TELEMETRY: 'global' },
    { MODE: 'registered' },
    { MODE: 'configured' },
  ])('goes to the provider of the app as without us: $MODE', async (env) => {
    const { bare, traced } = await bareAndTraced(env);
    // The names of its spans and their parents are in stdout, which is the same.
    expect(bare.run.stdout).toMatch(env.MODE === 'global' ? /"chat chat-1 in app"/ : /"chat chat-1 in none"/);
    expect(bare.run.stdout).not.toMatch(/unknown/);
    expect(callsOf(traced)).toEqual(CALLS);
    expect(nativeOf(traced)).toEqual([]);
    expectWholeTraces(traced);
  });

  it('goes to Mistral where it is dedicated, with no parent of ours', async () => {
    const { bare, traced } = await bareAndTraced({ MISTRAL_SDK_TELEMETRY: 'dedicated' });
    for (const { exported } of [bare, traced]) {
      expect(exported).toContain('"name":"chat chat-1"');
      expect(exported).not.toContain('"name":"POST"');
    }
    const parents = ({ exported }: Run) => exported.match(/"parentSpanId"/g)?.length;
    expect(parents(traced)).toBe(parents(bare));
    expect(callsOf(traced)).toEqual(CALLS);
    expect(nativeOf(traced)).toEqual([]);
    expectWholeTraces(traced);
  });
});
