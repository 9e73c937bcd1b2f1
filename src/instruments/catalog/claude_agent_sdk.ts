import type { CatalogRow } from './row';

export const claude_agent_sdk: CatalogRow = {
  id: 'claude_agent_sdk',
  title: 'Claude Agent SDK',
  aliases: ['claude_agent', 'claude_code'],
  category: 'framework',
  packages: [
    {
      name: '@anthropic-ai/claude-agent-sdk',
      tested: { from: '0.1.0', below: '0.4.0' },
      files: { sdk: ['query', 'createSdkMcpServer'] },
      replacesFunctions: true,
      namesAreExports: true,
    },
  ],
  chunk: 'instrument-claude_agent_sdk',
};
