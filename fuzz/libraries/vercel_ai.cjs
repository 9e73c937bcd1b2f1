'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer } = require('../formats/openai.cjs');

exports.answer = answer;
exports.start = async (load, url) => {
  const ai = await load('ai');
  const { createOpenAI } = await load('@ai-sdk/openai');
  const provider = createOpenAI({ apiKey: 'none', baseURL: `${url}/v1`, compatibility: 'strict' });
  // What a stream cannot tell its reader it prints.
  const settings = { maxRetries: 0, onError() {} };
  const schema = ai.jsonSchema({ type: 'object', properties: { at: { type: 'string' } } });
  const look = {
    description: 'looks',
    parameters: schema,
    inputSchema: schema,
    execute: async ({ at }) => `${at} is blue`,
  };
  const chat = { prompt: 'hello', system: 'be brief', temperature: 0.5 };
  const call = (name, request, extra = {}) => ({
    name,
    run(random, abortSignal) {
      const model = random.chance(0.5) ? provider.chat('gpt-4o-mini') : provider.responses('gpt-4o-mini');
      return ai[name]({ ...awkwardRequest(random, request), ...extra, ...settings, model, abortSignal });
    },
  });
  const embed = (name, request) => ({
    name,
    run: (random, abortSignal) =>
      ai[name]({
        ...awkwardRequest(random, request),
        ...settings,
        model: (provider.textEmbeddingModel ?? provider.embeddingModel)('e'),
        abortSignal,
      }),
  });
  return [
    call('generateText', chat),
    call('generateText', chat, { tools: { look } }),
    call('streamText', chat),
    call('streamText', chat, { tools: { look } }),
    call('generateObject', chat, { schema }),
    call('streamObject', chat, { schema }),
    embed('embed', { value: 'a' }),
    embed('embedMany', { values: ['a', 'b'] }),
  ].filter(({ name }) => typeof ai[name] === 'function');
};
