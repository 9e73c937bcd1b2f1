import type { CatalogRow } from './row';

export const openai_agents: CatalogRow = {
  id: 'openai_agents',
  title: 'OpenAI Agents SDK',
  aliases: ['agents', 'openai_agents_sdk'],
  category: 'framework',
  packages: [
    {
      name: '@openai/agents-core',
      tested: { from: '0.1.0', below: '0.21.0' },
      files: {
        'dist/tracing/spans': ['Span'],
        'dist/tracing/traces': ['Trace'],
        'dist/tracing/context': ['getCurrentSpan', 'getCurrentTrace'],
      },
    },
  ],
  chunk: 'instrument-openai_agents',
};
