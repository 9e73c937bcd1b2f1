'use strict';
const { FILE, methods } = require('../methods.cjs');
const openai = require('../formats/openai.cjs');

const model = 'gpt-4o-mini';
const messages = [
  { role: 'system', content: 'be brief' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'hello' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ],
  },
];
const tools = [
  {
    type: 'function',
    function: { name: 'look', description: 'looks', parameters: { type: 'object', properties: {} } },
  },
];
const chat = { model, messages, tools, temperature: 0.5, max_completion_tokens: 9, stop: ['a'] };
const response = {
  model,
  input: [{ role: 'user', content: 'hello' }],
  instructions: 'be brief',
  tools: [{ type: 'web_search' }],
};

exports.answer = openai.answer;
exports.start = async (load, url) => {
  const { OpenAI } = await load('openai');
  const clientOf = (options) =>
    new OpenAI({ apiKey: 'sk-none', baseURL: `${url}/v1`, maxRetries: 0, ...options });
  return methods(
    [clientOf(), clientOf({ maxRetries: 1 })],
    [
      ['chat.completions.create', chat],
      ['chat.completions.create', { ...chat, stream: true }],
      ['chat.completions.create', { ...chat, stream: true, stream_options: { include_usage: true } }],
      ['chat.completions.parse', chat],
      ['beta.chat.completions.parse', chat],
      ['chat.completions.stream', chat],
      ['beta.chat.completions.stream', chat],
      ['responses.create', response],
      ['responses.create', { ...response, stream: true }],
      ['responses.parse', response],
      ['responses.stream', response],
      ['beta.responses.create', response],
      ['beta.responses.create', { ...response, stream: true }],
      ['completions.create', { model, prompt: 'once' }],
      ['completions.create', { model, prompt: ['once'], stream: true }],
      ['embeddings.create', { model, input: ['a', 'b'] }],
      ['moderations.create', { input: 'a' }],
      ['images.generate', { prompt: 'a cat', n: 1 }],
      ['images.generate', { prompt: 'a cat', stream: true }],
      ['images.edit', { prompt: 'a cat', image: FILE }],
      ['images.createVariation', { image: FILE }],
      ['audio.speech.create', { model: 'tts-1', voice: 'alloy', input: 'hello' }],
      ['audio.transcriptions.create', { model: 'whisper-1', file: FILE }],
      ['audio.transcriptions.create', { model: 'whisper-1', file: FILE, stream: true }],
      ['audio.translations.create', { model: 'whisper-1', file: FILE }],
    ],
  );
};
