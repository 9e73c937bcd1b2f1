'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer } = require('../formats/openai.cjs');

exports.answer = answer;
exports.start = async (load, url) => {
  const { ChatOpenAI } = await load('@langchain/openai');
  const { tool } = await load('@langchain/core/tools');
  const { MessagesAnnotation, StateGraph } = await load('@langchain/langgraph');
  const { createReactAgent } = await load('@langchain/langgraph/prebuilt');
  const configuration = { baseURL: `${url}/v1` };
  const llm = new ChatOpenAI({ apiKey: 'none', configuration, maxRetries: 0, model: 'gpt-4o-mini' });
  const look = tool(async ({ at }) => `${at} is blue`, {
    name: 'look',
    description: 'looks',
    schema: { type: 'object', properties: { at: { type: 'string' } } },
  });
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('ask', async ({ messages }) => ({ messages: [await llm.invoke(messages)] }))
    .addNode('again', async ({ messages }) => ({ messages: [await llm.invoke(messages)] }))
    .addEdge('__start__', 'ask')
    .addConditionalEdges('ask', ({ messages }) => (messages.length < 3 ? 'again' : '__end__'))
    .addEdge('again', '__end__')
    .compile();
  const agent = createReactAgent({ llm, tools: [look] });
  const input = { messages: [{ role: 'user', content: 'hello' }] };
  const call = (name, runnable, method, options) => ({
    name,
    run: (random, signal) =>
      runnable[method](awkwardRequest(random, input), { recursionLimit: 5, signal, ...options }),
  });
  return [
    call('graph.invoke', graph, 'invoke'),
    call('graph.stream', graph, 'stream', { streamMode: 'updates' }),
    call('graph.stream of messages', graph, 'stream', { streamMode: 'messages' }),
    call('agent.invoke', agent, 'invoke'),
    call('agent.stream', agent, 'stream', { streamMode: ['values', 'updates'] }),
  ];
};
