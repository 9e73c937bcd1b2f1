import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import type { NodeName } from '../harness/nodes';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { spanTree, withoutHttp } from '../harness/span-tree';

/** A client and a server of the Model Context Protocol, each a process of its own, are one trace. */
const mock = new LLMock({ port: 0 });

beforeAll(async () => {
  mock.onMessage(/question/, { content: 'an answer' });
  await mock.start();
});
afterAll(() => mock.stop());

interface Case {
  sdks: string[];
  app: string;
  transport: 'stdio' | 'http' | 'sse';
  node: NodeName;
  modern?: boolean;
}

const two = ['mcp-client-2', 'mcp-server-2'];
const cases: Case[] = [
  { sdks: ['mcp-1.10'], app: 'app.mjs', transport: 'stdio', node: '20' },
  { sdks: ['mcp-1.10'], app: 'app.cjs', transport: 'http', node: '24' },
  { sdks: ['mcp-1.10'], app: 'app.mjs', transport: 'sse', node: '20' },
  { sdks: ['mcp-1'], app: 'app.mjs', transport: 'stdio', node: '24' },
  { sdks: ['mcp-1'], app: 'app.cjs', transport: 'http', node: '20' },
  { sdks: ['mcp-1'], app: 'app.cjs', transport: 'sse', node: '24' },
  { sdks: two, app: 'app-2.mjs', transport: 'stdio', node: '20' },
  { sdks: two, app: 'app-2.cjs', transport: 'stdio', node: '24', modern: true },
  { sdks: two, app: 'app-2.mjs', transport: 'http', node: '24', modern: true },
];

/** The requests of HTTP aside, which are where they belong. */
const TREE = `
initialize
  initialize
tools/list
  tools/list
${`tools/call ask
  tools/call ask
    anthropic.chat
    sampling/createMessage
      sampling/createMessage
        openai.chat
`.repeat(3)}`;

/** Here a server answers with its question, and is asked again. */
const MODERN_TREE = `
tools/list
  tools/list
${`tools/call ask
  tools/call ask
  openai.chat
  tools/call ask
    tools/call ask
      anthropic.chat
`.repeat(3)}`;

const isHttp = ({ name }: CollectedSpan): boolean => /^(GET|POST|DELETE)$/.test(name);

/** Which versions there are is asked before there is a connection; over stdio something else than the server answers. */
const isProbe = ({ name }: CollectedSpan): boolean => name === 'server/discover';

describe.concurrent.each(cases)(
  '$sdks.0 over $transport, $app on Node $node',
  ({ sdks, app, transport, node, modern }) => {
    it('is one trace', async ({ expect }) => {
      const collector = await startCollector();
      try {
        const how = {
          app: [app, 'client', transport],
          node,
          cwd: placeApp('mcp-processes', [...sdks, 'anthropic-1', 'openai-6']),
        };
        const env = { MODELS_URL: mock.url, ...(modern && { ERA: 'modern' }) };
        const bare = await runApp({ ...how, preload: 'none', env });
        const traced = await runApp({ ...how, env: { ...env, ...exportTo(collector) } });
        expect(bare).toMatchObject({ code: 0, stderr: '' });
        expect(traced).toEqual(bare);
        const spans = collector.spans();
        // Requests that stand for themselves: notifications, streams.
        const told = withoutHttp(spans).filter((span) => !isHttp(span) && !isProbe(span));
        expect(`\n${spanTree(told)}\n`).toBe(modern ? MODERN_TREE : TREE);
        const calls = spans.filter(({ name }) => name === 'tools/call ask');
        for (const { attributes } of calls) {
          expect(attributes['network.transport']).toBe(transport === 'stdio' ? 'pipe' : 'tcp');
          expect(attributes['mcp.protocol.version']).toMatch(/^20\d\d-/);
        }
        // Two processes have told of each call.
        expect(new Set(calls.map(({ kind }) => kind))).toEqual(new Set([2, 3]));
        const roots = calls.filter(({ parentSpanId }) => parentSpanId === undefined);
        expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(3);
        for (const span of spans.filter(isHttp)) {
          const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
          expect(parent?.traceId ?? span.traceId).toBe(span.traceId);
        }
      } finally {
        await collector.close();
      }
    });
  },
);
