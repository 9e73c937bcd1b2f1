'use strict';
/** LlamaIndex asks models of other vendors than OpenAI, through the clients of these. */
const { awkwardRequest } = require('../awkward.cjs');
const anthropic = require('../formats/anthropic.cjs');
const gemini = require('../formats/gemini.cjs');
const mistral = require('./mistral.cjs');
const ollama = require('./ollama.cjs');

const ANSWERS = [
  [/\/v1\/messages/, anthropic],
  [/\/api\//, ollama],
  [/\/models\/.*:/, gemini],
  [/./, mistral],
];
exports.answer = (request, random) =>
  ANSWERS.find(([path]) => path.test(request.url))[1].answer(request, random);

exports.start = async (load, url) => {
  // What lets nobody say where the server is reads it from here.
  Object.assign(process.env, { ANTHROPIC_BASE_URL: url, GOOGLE_GEMINI_BASE_URL: url });
  const { Anthropic } = await load('@llamaindex/anthropic');
  const { Gemini, GeminiEmbedding } = await load('@llamaindex/google');
  const { MistralAI, MistralAIEmbedding } = await load('@llamaindex/mistral');
  const { Ollama, OllamaEmbedding } = await load('@llamaindex/ollama');
  const { FunctionTool } = await load('@llamaindex/core/tools');
  const { Mistral } = await load('@mistralai/mistralai');
  const key = { apiKey: 'none' };
  const client = new Mistral({ ...key, serverURL: url, retryConfig: { strategy: 'none' } });
  const ofMistral = (model) => {
    model.session.client = client;
    return model;
  };
  const config = { host: url };
  const models = {
    anthropic: new Anthropic({ ...key, model: 'claude-3-5-sonnet', maxTokens: 9, maxRetries: 0 }),
    google: new Gemini({ ...key, model: 'gemini-2.0-flash' }),
    mistral: ofMistral(new MistralAI({ ...key, model: 'mistral-small-latest' })),
    ollama: new Ollama({ model: 'llama3.1', config }),
  };
  const embedders = {
    google: new GeminiEmbedding(key),
    mistral: ofMistral(new MistralAIEmbedding(key)),
    ollama: new OllamaEmbedding({ model: 'llama3.1', config }),
  };
  const look = FunctionTool.from(({ at }) => `${at} is blue`, {
    name: 'look',
    description: 'looks',
    parameters: { type: 'object', properties: { at: { type: 'string' } } },
  });
  const messages = [{ role: 'user', content: 'hello' }];
  const callsOf = ([vendor, model]) => {
    const call = (method, request, extra = {}) => ({
      name: `${vendor}.${method}`,
      run: (random) =>
        model[method]({ ...awkwardRequest(random, { ...request, stream: random.chance(0.5) }), ...extra }),
    });
    return [
      call('chat', { messages }),
      call('chat', { messages }, { tools: [look] }),
      call('complete', { prompt: 'hello' }),
      call('exec', { messages }, { tools: [look] }),
    ];
  };
  const embedding = ([vendor, embedder]) => ({
    name: `${vendor}.getTextEmbedding`,
    run: (random) => embedder.getTextEmbedding(awkwardRequest(random, 'hello')),
  });
  return [...Object.entries(models).flatMap(callsOf), ...Object.entries(embedders).map(embedding)];
};
