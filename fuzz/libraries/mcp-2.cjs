'use strict';
const { answer, callsOf, CAPABILITIES, clientAnswers, offer } = require('./mcp.cjs');

exports.answer = answer;
/** Once as before, once in the newer revision, whose servers live as long as a request. */
exports.start = async (load) => {
  const { Client, StreamableHTTPClientTransport } = await load('@modelcontextprotocol/client');
  const sdk = await load('@modelcontextprotocol/server');
  const { z } = await load('zod');
  const serverOf = () => {
    const server = new sdk.McpServer({ name: 'tools', version: '1' });
    offer({
      ...{ z, completable: sdk.completable },
      tool: (name, shape, run) => server.registerTool(name, { inputSchema: z.object(shape) }, run),
      prompt: (name, shape, run) => server.registerPrompt(name, { argsSchema: z.object(shape) }, run),
      resource: (name, uri, run) => server.registerResource(name, uri, {}, run),
      metaOf: ({ mcpReq }) => mcpReq._meta,
      notify: ({ mcpReq }, notification) => mcpReq.notify(notification),
      // It answers with its question, and is asked again.
      ask({ mcpReq }, asked) {
        const given = mcpReq.inputResponses?.asked;
        if (given) return { content: [given.content].flat() };
        const inputRequests = { asked: sdk.inputRequired.createMessage(asked) };
        return sdk.inputRequired({ inputRequests });
      },
    });
    return server;
  };
  const clientOf = (options) => {
    const client = new Client({ name: 'app', version: '1' }, { ...CAPABILITIES, ...options });
    for (const [method, answering] of Object.entries(clientAnswers))
      client.setRequestHandler(method, answering);
    return client;
  };
  const { server } = serverOf();
  const older = clientOf();
  const [near, far] = sdk.InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), older.connect(near)]);
  const newer = clientOf({ versionNegotiation: { mode: 'auto' } });
  const handler = sdk.createMcpHandler(serverOf);
  const fetch = (url, request) => handler.fetch(new Request(url, request));
  await newer.connect(new StreamableHTTPClientTransport(new URL('http://127.0.0.1/'), { fetch }));
  return callsOf([older, newer], server, z.any(), (client, params, options) =>
    client.callTool(params, options),
  );
};
