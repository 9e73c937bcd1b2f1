import type { CollectedSpan } from '../harness/collector';
import { json, startProviderServer } from '../harness/provider-server';
import { describeProvider, type ProviderServer } from '../harness/provider-suite';

/** For the tools of the app's own: a service of its own, which is told of the trace. */
async function startService(): Promise<ProviderServer> {
  const server = await startProviderServer(({ response }) => json(response, 200, {}));
  return { ...server, takeRequests: () => [] };
}

const steps = new WeakMap<CollectedSpan, string>();

/** Spans of agents and of what their tools send; the prompt of an agent says which step its trace is. */
function select(spans: CollectedSpan[]): CollectedSpan[] {
  const stepOfTrace = new Map(
    spans
      .filter(({ name }) => name === 'claude.agent')
      .map(({ traceId, attributes }) => [
        traceId,
        /\[([\w-]+)\]/.exec(String(attributes['traceloop.entity.input']))?.[1] ?? 'unknown',
      ]),
  );
  return spans.flatMap((span) => {
    const isOurs = span.scope === 'respan.claude_agent_sdk';
    if (!isOurs && span.name !== 'GET') return [];
    const inherited = Object.entries(span.attributes).filter(([name]) => name.startsWith('traceloop.'));
    const selected = isOurs ? span : { ...span, attributes: Object.fromEntries(inherited) };
    steps.set(selected, stepOfTrace.get(span.traceId) ?? 'unknown');
    return [selected];
  });
}

describeProvider({
  fixture: 'claude_agent_sdk',
  versions: [
    { name: 'claude-agent-0.2', sdks: ['claude-agent-0.2'], nodes: ['20', '24'] },
    { name: 'claude-agent-0.3', sdks: ['claude-agent-0.3'], nodes: ['20', '24'] },
  ],
  startServer: startService,
  // The agent, its model's turns, its tools, and what those of the app's own send.
  spansOfStep: {
    ...{ plain: 2, tools: 11, failing: 5, subagent: 7, permission: 4, waits: 2, dies: 2 },
    ...{ 'waits-left': 2, 'plain-said': 3, 'waits-interrupted': 2 },
  },
  select,
  // Whether the end of the process or that of its output is seen first is chance.
  stackLine: (line) => (/sdk\.mjs|ChildProcess|Socket|Pipe/.test(line) ? undefined : line),
  stepOf: (span) => steps.get(span) ?? 'unknown',
});
