import type { CollectedSpan } from '../harness/collector';
import { startNoProvider } from '../harness/no-provider';
import { describeProvider, type ProviderSuite } from '../harness/provider-suite';

/** Both sides of each request are in the one process, but for those that never leave it. */
const suite: Omit<ProviderSuite, 'fixture' | 'versions'> = {
  startServer: startNoProvider,
  // Of the trace context that the app itself puts into a message.
  parentsElsewhere: ['b7ad6b7169203331'],
  select: (spans) => spans.filter(({ scope }) => scope === 'respan.mcp'),
  stepOf: ({ attributes }: CollectedSpan) =>
    String(
      attributes['gen_ai.tool.name'] ?? attributes['gen_ai.prompt.name'] ?? attributes['mcp.method.name'],
    ),
};
const common = {
  initialize: 4,
  'aborted-before': 1,
  unconnected: 1,
  parallel: 10,
  'sampling/createMessage': 2,
};
const both = (steps: string[]) => Object.fromEntries(steps.map((step) => [step, 2]));
const steps = both([
  ...['ping', 'tools/list', 'add', 'bare', 'own-names', 'own-trace', 'own-state', 'own-empty', 'media'],
  ...['fails', 'refuses', 'crashes', 'aborted', 'late', 'progress', 'no/such', 'prompts/list', 'greeting'],
  ...['resources/list', 'resources/read', 'completion/complete', 'roots/list', 'asks-model'],
  ...['registered', 'checked'],
]);
const ofTasks = { ...both(['task', 'task-fails', 'tasks/result']), 'tasks/get': 4 };
const ofUser = both(['asks-user', 'elicitation/create']);

describeProvider({
  ...suite,
  fixture: 'mcp',
  versions: [{ name: 'mcp-1.10', sdks: ['mcp-1.10'], nodes: ['20', '24'] }],
  spansOfStep: { ...steps, ...common },
});

describeProvider({
  ...suite,
  fixture: 'mcp',
  versions: [{ name: 'mcp-1', sdks: ['mcp-1'], nodes: ['20', '24'] }],
  spansOfStep: { ...steps, ...common, ...ofUser, ...ofTasks },
});

describeProvider({
  ...suite,
  fixture: 'mcp-2',
  versions: [{ name: 'mcp-2', sdks: ['mcp-client-2', 'mcp-server-2'], nodes: ['20', '24', '26'] }],
  spansOfStep: { ...steps, ...common, ...ofUser },
});
