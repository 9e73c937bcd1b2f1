'use strict';
const { awkwardRequest } = require('../awkward.cjs');

/** No model and no server of HTTP: both sides are in the process. */
exports.answer = () => ({ json: {} });
exports.start = async (load) => {
  const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
  const { InMemoryTransport } = await load('@modelcontextprotocol/sdk/inMemory.js');
  const { McpServer } = await load('@modelcontextprotocol/sdk/server/mcp.js');
  const { z } = await load('zod/v3');
  const server = new McpServer({ name: 'tools', version: '1' });
  server.tool('look', { at: z.string() }, async ({ at }) => ({
    content: [{ type: 'text', text: `${at} is blue` }],
  }));
  server.tool('fail', {}, async () => {
    throw new RangeError('no');
  });
  server.prompt('ask', { topic: z.string() }, ({ topic }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: topic } }],
  }));
  server.resource('note', 'note://one', async ({ href }) => ({ contents: [{ uri: href, text: 'a note' }] }));
  const client = new Client({ name: 'app', version: '1' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  const call = (name, params) => ({
    name,
    run: (random, signal) =>
      params === undefined
        ? client[name](undefined, { signal })
        : client[name](awkwardRequest(random, params), ...(name === 'callTool' ? [undefined] : []), {
            signal,
          }),
  });
  return [
    call('callTool', { name: 'look', arguments: { at: 'sky' } }),
    call('callTool', { name: 'look', arguments: { at: 'sky' }, _meta: { progressToken: 1 } }),
    call('callTool', { name: 'fail', arguments: {} }),
    call('listTools'),
    call('getPrompt', { name: 'ask', arguments: { topic: 'sky' } }),
    call('readResource', { uri: 'note://one' }),
  ];
};
