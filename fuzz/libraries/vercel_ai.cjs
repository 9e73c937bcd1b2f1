'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer } = require('../formats/openai.cjs');

exports.answer = answer;
exports.providerOf = async (load, url) => {
  const { createOpenAI } = await load('@ai-sdk/openai');
  return createOpenAI({ apiKey: 'none', baseURL: `${url}/v1`, compatibility: 'strict' });
};
exports.lookOf = (ai) => {
  const schema = ai.jsonSchema({ type: 'object', properties: { at: { type: 'string' } } });
  return {
    description: 'looks',
    parameters: schema,
    inputSchema: schema,
    execute: async ({ at }) => `${at} is blue`,
  };
};

exports.start = async (load, url) => {
  const ai = await load('ai');
  const provider = await exports.providerOf(load, url);
  // What a stream cannot tell its reader it prints.
  const settings = { maxRetries: 0, onError() {} };
  const look = exports.lookOf(ai);
  const { inputSchema: schema } = look;
  const chat = { prompt: 'hello', system: 'be brief', temperature: 0.5 };
  const call = (name, request, extra = {}) => ({
    name,
    run(random, abortSignal) {
      const model = random.chance(0.5) ? provider.chat('gpt-4o-mini') : provider.responses('gpt-4o-mini');
      return ai[name]({ ...awkwardRequest(random, request), ...extra, ...settings, model, abortSignal });
    },
  });
  const other = (makeModel, names, request) => {
    const name = names.find((one) => typeof ai[one] === 'function');
    const run = (random, abortSignal) =>
      ai[name]({ ...awkwardRequest(random, request), ...settings, model: makeModel(), abortSignal });
    return { name, run };
  };
  const embedder = () => (provider.textEmbeddingModel ?? provider.embeddingModel)('e');
  const painter = () => (provider.imageModel ?? provider.image)('dall-e-3');
  const speaker = () => provider.speech('tts-1');
  const listener = () => provider.transcription('whisper-1');
  return [
    call('generateText', chat),
    call('generateText', chat, { tools: { look } }),
    call('streamText', chat),
    call('streamText', chat, { tools: { look } }),
    call('generateObject', chat, { schema }),
    call('streamObject', chat, { schema }),
    other(embedder, ['embed'], { value: 'a' }),
    other(embedder, ['embedMany'], { values: ['a', 'b'] }),
    other(painter, ['generateImage', 'experimental_generateImage'], { prompt: 'a sky', n: 1 }),
    other(speaker, ['generateSpeech', 'experimental_generateSpeech'], { text: 'hello', voice: 'alloy' }),
    other(listener, ['transcribe', 'experimental_transcribe'], { audio: new Uint8Array(8) }),
  ].filter(({ name }) => typeof ai[name] === 'function');
};
