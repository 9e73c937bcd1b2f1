'use strict';
const { awkwardAnswer, awkwardRequest } = require('../awkward.cjs');
const randomOf = require('../random.cjs');

/** No model and no server of HTTP: both sides are in the process. */
exports.answer = () => ({ json: {} });

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const question = { messages: [{ role: 'user', content: { type: 'text', text: 'hello' } }], maxTokens: 9 };
const form = {
  ...{ mode: 'form', message: 'which?' },
  requestedSchema: { type: 'object', properties: { at: { type: 'string' } } },
};
const OWN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** What is random in what the client answers, in the case that runs. */
let answering = randomOf(0);

/** What a server offers, in either version: `kit` has what they call what. */
exports.offer = function offer({ z, completable, tool, prompt, resource, metaOf, notify, ask }) {
  tool('look', { at: z.string() }, async ({ at }) => text(`${at} is blue`));
  tool('fail', {}, async () => {
    throw new RangeError('no');
  });
  // All that can be seen of what came.
  tool('see', { at: z.any() }, async (given, context) => text(JSON.stringify([given, metaOf(context)])));
  tool('report', {}, async (_given, context) => {
    const { progressToken } = metaOf(context) ?? {};
    for (const progress of [1, 2])
      await notify(context, { method: 'notifications/progress', params: { progressToken, progress } });
    return text('reported');
  });
  tool('ask', { at: z.string() }, (_given, context) => ask(context, question));
  prompt('greet', { topic: completable(z.string(), (start) => [`${start}y`]) }, ({ topic }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: topic } }],
  }));
  resource('note', 'note://one', async ({ href }) => ({ contents: [{ uri: href, text: 'a note' }] }));
};

exports.CAPABILITIES = { capabilities: { roots: {}, sampling: {}, elicitation: {} } };

/** What the client answers a server, by method. */
exports.clientAnswers = {
  'roots/list': () => awkwardAnswer(answering, { roots: [{ name: 'home', uri: 'file:///home' }] }),
  'sampling/createMessage': () =>
    awkwardAnswer(answering, { role: 'assistant', model: 'm', content: { type: 'text', text: 'Hello.' } }),
  'elicitation/create': () => awkwardAnswer(answering, { action: 'accept', content: { at: 'sky' } }),
};

/** What clients and a server ask each other; `callTool` calls a tool. */
exports.callsOf = function callsOf(clients, server, anything, callTool) {
  const call = (name, run) => ({
    name,
    run(random, signal) {
      answering = randomOf(random.below(2 ** 31));
      return run(random, random.pick(clients), { signal });
    },
  });
  const toolCall = (params) =>
    call(`callTool ${params.name}`, (random, client, options) =>
      callTool(client, awkwardRequest(random, params), options),
    );
  const ofClient = (name, params) =>
    call(name, (random, client, options) => client[name](params && awkwardRequest(random, params), options));
  const ofServer = (name, params) =>
    call(`server.${name}`, (random, _client, options) =>
      server[name](awkwardRequest(random, params), options),
    );
  const see = { name: 'see', arguments: { at: 'sky' } };
  return [
    toolCall({ name: 'look', arguments: { at: 'sky' } }),
    toolCall({ name: 'look', arguments: { at: 'sky' }, _meta: { progressToken: 1 } }),
    toolCall({ name: 'fail', arguments: {} }),
    toolCall({ name: 'ask', arguments: { at: 'sky' } }),
    toolCall(see),
    ...[{}, { mine: 1 }, { traceparent: OWN }, { tracestate: 'mine=1' }].map((_meta) =>
      toolCall({ ...see, _meta }),
    ),
    call('callTool report', async (random, client, options) => {
      const heard = [];
      const onprogress = (news) => heard.push(news);
      const params = awkwardRequest(random, { name: 'report', arguments: {} });
      return [await callTool(client, params, { ...options, onprogress }), heard];
    }),
    ofClient('listTools'),
    ofClient('listPrompts'),
    ofClient('listResources'),
    ofClient('getPrompt', { name: 'greet', arguments: { topic: 'sky' } }),
    ofClient('readResource', { uri: 'note://one' }),
    ofClient('complete', {
      ref: { type: 'ref/prompt', name: 'greet' },
      argument: { name: 'topic', value: 'sk' },
    }),
    call('ping', (_random, client, options) => client.ping(options)),
    call('request', (random, client, options) =>
      client.request(awkwardRequest(random, { method: 'no/such', params: { at: 'sky' } }), anything, options),
    ),
    ofServer('listRoots', {}),
    ofServer('createMessage', question),
    ofServer('elicitInput', form),
  ].filter(({ name }) => !name.startsWith('server.') || server[name.slice(7)]);
};

exports.start = async (load) => {
  const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
  const { InMemoryTransport } = await load('@modelcontextprotocol/sdk/inMemory.js');
  const { completable } = await load('@modelcontextprotocol/sdk/server/completable.js');
  const { McpServer } = await load('@modelcontextprotocol/sdk/server/mcp.js');
  const types = await load('@modelcontextprotocol/sdk/types.js');
  const { z } = await load('zod/v3');
  const tools = new McpServer({ name: 'tools', version: '1' });
  const { server } = tools;
  exports.offer({
    ...{ z, completable },
    tool: (...args) => tools.tool(...args),
    prompt: (...args) => tools.prompt(...args),
    resource: (...args) => tools.resource(...args),
    metaOf: ({ _meta }) => _meta,
    notify: ({ sendNotification }, notification) => sendNotification(notification),
    ask: async (_context, asked) => ({ content: [(await server.createMessage(asked)).content].flat() }),
  });
  const client = new Client({ name: 'app', version: '1' }, exports.CAPABILITIES);
  const SCHEMAS = {
    'roots/list': types.ListRootsRequestSchema,
    'sampling/createMessage': types.CreateMessageRequestSchema,
    'elicitation/create': types.ElicitRequestSchema,
  };
  for (const [method, answer] of Object.entries(exports.clientAnswers))
    if (SCHEMAS[method]) client.setRequestHandler(SCHEMAS[method], answer);
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  return exports.callsOf([client], server, z.any(), (one, params, options) =>
    one.callTool(params, undefined, options),
  );
};
