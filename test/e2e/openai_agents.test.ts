import { startAgentsProvider } from '../harness/agents-provider';
import type { CollectedSpan } from '../harness/collector';
import { describeProvider, type ProviderSuite } from '../harness/provider-suite';

const suite: Omit<ProviderSuite, 'versions'> = {
  fixture: 'openai_agents',
  startServer: startAgentsProvider,
  // A workflow and an agent, two spans for each model call, one for each tool and for what the tool sends.
  spansOfStep: {
    ...{ tools: 11, chat: 11, stream: 11, 'chat-stream': 11, insensitive: 11 },
    ...{ 'parallel-tools': 10, handoff: 8, nested: 10, guarded: 6, tripped: 5, loop: 10 },
    ...{ 'tool-fails': 7, 'model-fails': 4, 'own-spans': 8, 'own-model': 3, beside: 12 },
    ...{ untraced: 0, unknown: 1, processors: 0 },
  },
  select: (spans) =>
    spans.flatMap((span) =>
      /^respan\.openai/.test(span.scope) ? span : span.name === 'GET' ? bare(span) : [],
    ),
  // Each trace carries its step, and what is in it inherits that.
  stepOf: ({ attributes }: CollectedSpan) =>
    String(attributes['traceloop.association.properties.step'] ?? 'unknown'),
};

/** What a tool sends is where it belongs; the rest of such a span is another instrument's. */
function bare(span: CollectedSpan): CollectedSpan {
  const inherited = Object.entries(span.attributes).filter(([name]) => name.startsWith('traceloop.'));
  return { ...span, attributes: Object.fromEntries(inherited) };
}

describeProvider({
  ...suite,
  versions: [{ name: 'openai-agents-0.20', sdks: ['agents-0.20'], nodes: ['24', '26'] }],
});
describeProvider({
  ...suite,
  env: { ZOD: '3' },
  // It has no ears yet for being told not to trace a run.
  spansOfStep: { ...suite.spansOfStep, untraced: 4, unknown: 0 },
  versions: [{ name: 'openai-agents-0.1', sdks: ['agents-0.1'], nodes: ['20', '24'] }],
});
