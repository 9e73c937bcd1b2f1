import type { CatalogRow } from './row';

/** What client and server have in common; the single package keeps it in a file of its own. */
const protocolFiles: Record<string, string[]> = {
  'dist/esm/shared/protocol': ['Protocol'],
  'dist/cjs/shared/protocol': ['Protocol'],
  // Until 1.2.
  'dist/shared/protocol': ['Protocol'],
};

export const mcp: CatalogRow = {
  id: 'mcp',
  title: 'Model Context Protocol',
  aliases: ['modelcontextprotocol', 'model_context_protocol'],
  category: 'framework',
  packages: [
    {
      name: '@modelcontextprotocol/sdk',
      tested: { from: '1.10.0', below: '2.0.0' },
      files: protocolFiles,
      fromMain: {
        Client: 'dist/esm/shared/protocol Protocol',
        Server: 'dist/esm/shared/protocol Protocol',
      },
    },
    {
      name: '@modelcontextprotocol/client',
      tested: { from: '2.0.0', below: '3.0.0' },
      files: { 'dist/index': ['Client', 'Protocol'] },
    },
    {
      name: '@modelcontextprotocol/server',
      tested: { from: '2.0.0', below: '3.0.0' },
      files: { 'dist/index': ['Server', 'Protocol'] },
    },
  ],
  chunk: 'instrument-mcp',
};
