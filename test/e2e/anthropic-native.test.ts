import { describe, expect, it } from 'vitest';
import { NODES, type NodeName } from '../harness/nodes';
import { isOurs, rowOf, runAnthropicApp, type TableRun } from './anthropic-app';

/** Versions that publish OpenTelemetry spans of their own. */
const NATIVE = ['0.137', '1'];
const app = 'native.mjs';
const CALLS = [
  'beta-create',
  'create',
  'helper',
  'rate-limited',
  'runner',
  'runner',
  'stream',
  'with-response',
];

/** Headers but for the ids in `traceparent`, which are random with and without us. */
const comparable = ({ requests }: TableRun) =>
  requests.map((request) => ({
    ...request,
    headers: request.headers.map((text) =>
      /^00-[0-9a-f]{32}-[0-9a-f]{16}-0\d$/.test(text) ? 'trace' : text,
    ),
  }));

const nativeSpans = ({ spans }: TableRun) =>
  spans.filter(({ scope }) => scope.startsWith('com.anthropic.sdk.typescript'));
const hasTraceparent = ({ requests }: TableRun) =>
  requests.some(({ headers }) => headers.some((text) => text.toLowerCase() === 'traceparent'));

async function bareAndTraced(sdk: string, node: NodeName, env: Record<string, string | undefined>) {
  const [bare, traced] = await Promise.all([
    runAnthropicApp(sdk, { app, node, preload: 'none', env }),
    runAnthropicApp(sdk, { app, node, preload: 'import', env }),
  ]);
  expect({ code: traced.code, stderr: traced.stderr }).toEqual({ code: 0, stderr: '' });
  expect(traced.stdout).toBe(bare.stdout);
  return { bare, traced };
}

for (const sdk of NATIVE) {
  describe(`the native telemetry of @anthropic-ai/sdk ${sdk}`, () => {
    it.each(NODES)('gives way to ours where the app has no SDK: Node %s', async (node) => {
      const { bare, traced } = await bareAndTraced(sdk, node, { MODE: 'nobody' });
      expect(traced.requests).toEqual(bare.requests);
      expect(hasTraceparent(traced)).toBe(false);
      expect(traced.spans.filter(isOurs).map(rowOf).sort()).toEqual(CALLS);

      // What ours do not tell stays: the tool runner and its tools, around our calls.
      const runner = nativeSpans(traced).find(({ name }) => name === 'anthropic.messages.tool_runner');
      expect(nativeSpans(traced).map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
        ['anthropic.custom_tool_use get_weather', runner?.spanId],
        ['anthropic.messages.tool_runner', undefined],
      ]);
      const inRunner = traced.spans.filter((span) => isOurs(span) && rowOf(span) === 'runner');
      expect(inRunner.map(({ parentSpanId }) => parentSpanId)).toEqual([runner?.spanId, runner?.spanId]);
      const stream = traced.spans.find((span) => isOurs(span) && rowOf(span) === 'stream');
      expect(stream?.attributes['gen_ai.output.messages']).toContain('ANSWER stream');
    });

    it('adds nothing to a request where the app has a propagator alone', async () => {
      const { bare, traced } = await bareAndTraced(sdk, '20', { MODE: 'propagator' });
      expect(traced.requests).toEqual(bare.requests);
      expect(traced.spans.filter(isOurs).map(rowOf).sort()).toEqual(CALLS);
    });

    it.each([{ RESPAN_BLOCK_INSTRUMENTS: 'anthropic,requests,urllib3' }, { RESPAN_INSTRUMENTS: 'openai' }])(
      'is silent where anthropic is switched off: %o',
      async (settings) => {
        const { bare, traced } = await bareAndTraced(sdk, '20', { MODE: 'nobody', ...settings });
        expect(traced.requests).toEqual(bare.requests);
        expect(traced.spans).toEqual([]);
      },
    );

    it('makes no model span where only anthropic is blocked', async () => {
      const env = { MODE: 'nobody', RESPAN_BLOCK_INSTRUMENTS: 'anthropic' };
      const { traced } = await bareAndTraced(sdk, '20', env);
      expect(traced.spans.filter(({ attributes }) => attributes['gen_ai.operation.name'])).toEqual([]);
    });

    it.each(['option', 'global'])('goes to the provider of the app (%s) as without us', async (MODE) => {
      for (const node of NODES) {
        const { bare, traced } = await bareAndTraced(sdk, node, { MODE });
        // The names of the app's own spans and their parents are in stdout, which is the same.
        expect(bare.stdout).toMatch(
          MODE === 'option' ? /"anthropic.messages.create in none"/ : /"anthropic.messages.create in app"/,
        );
        expect(bare.stdout).not.toMatch(/unknown/);
        expect(comparable(traced)).toEqual(comparable(bare));
        expect(hasTraceparent(traced)).toBe(MODE === 'global');
        expect(traced.spans.filter(isOurs).map(rowOf).sort()).toEqual(CALLS);
        expect(nativeSpans(traced)).toEqual([]);
        const ids = new Set(traced.spans.map(({ spanId }) => spanId));
        expect(traced.spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);
      }
    });
  });
}
