'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer } = require('../formats/openai.cjs');

exports.answer = answer;
/** LlamaIndex with a model, two texts and a tool. */
exports.prepared = async (load, url) => {
  const llamaindex = await load('llamaindex');
  // Up to 0.9 it brings all of it along.
  const extra = llamaindex.OpenAI
    ? []
    : [await load('@llamaindex/openai'), await load('@llamaindex/workflow')];
  const li = Object.assign({}, ...extra, llamaindex);
  const options = { apiKey: 'none', maxRetries: 0, additionalSessionOptions: { baseURL: `${url}/v1` } };
  const llm = new li.OpenAI({ model: 'gpt-4o-mini', temperature: 0, ...options });
  li.Settings.llm = llm;
  li.Settings.embedModel = new li.OpenAIEmbedding({ model: 'e', ...options });
  const nodes = ['a', 'b'].map((text) => new li.TextNode({ text, id_: text, embedding: [0.1, 0.2] }));
  const index = await li.VectorStoreIndex.init({ nodes });
  const look = li.FunctionTool.from(({ at }) => `${at} is blue`, {
    name: 'look',
    description: 'looks',
    parameters: { type: 'object', properties: { at: { type: 'string' } } },
  });
  return { li, llm, index, look };
};
exports.call = (name, request, run) => ({
  name,
  run: (random) => run(awkwardRequest(random, request), random),
});

exports.start = async (load, url) => {
  const { call } = exports;
  const { li, llm, index, look } = await exports.prepared(load, url);
  const messages = [{ role: 'user', content: 'hello' }];
  const engine = () => index.asQueryEngine({ similarityTopK: 1 });
  const chat = () => new li.ContextChatEngine({ retriever: index.asRetriever() });
  return [
    call('llm.chat', { messages }, (request) => llm.chat(request)),
    call('llm.chat in a stream', { messages, stream: true }, (request) => llm.chat(request)),
    call('llm.complete', { prompt: 'hello' }, (request) => llm.complete(request)),
    call('embed', 'hello', (text) => li.Settings.embedModel.getTextEmbedding(text)),
    call('retrieve', { query: 'hello' }, (request) => index.asRetriever().retrieve(request)),
    call('query', { query: 'hello' }, (request) => engine().query(request)),
    call('query in a stream', { query: 'hello', stream: true }, (request) => engine().query(request)),
    call('chat', { message: 'hello' }, (request) => chat().chat(request)),
    call('chat in a stream', { message: 'hello', stream: true }, (request) => chat().chat(request)),
    call('tool', { at: 'sky' }, (request) => look.call(request)),
    call('agent', 'hello', (text, random) =>
      li
        .agent({ name: 'Looker', tools: [look], llm, verbose: false, timeout: 1 })
        .run(random.chance(0.8) ? text : 'hello'),
    ),
  ].filter(({ name }) => name !== 'agent' || li.agent);
};
