'use strict';
const { FILE, methods } = require('../methods.cjs');
const { answer } = require('../formats/openai.cjs');

const chat = { model: 'llama-3', messages: [{ role: 'user', content: 'hello' }], temperature: 0 };

exports.answer = answer;
exports.start = async (load, url) => {
  const { Together } = await load('together-ai');
  return methods(
    [new Together({ apiKey: 'none', baseURL: `${url}/v1`, maxRetries: 0 })],
    [
      ['chat.completions.create', chat],
      ['chat.completions.create', { ...chat, stream: true }],
      ['completions.create', { model: 'llama-3', prompt: 'once' }],
      ['completions.create', { model: 'llama-3', prompt: 'once', stream: true }],
      ['embeddings.create', { model: 'e', input: 'a' }],
      ['images.create', { model: 'flux', prompt: 'a cat' }],
      ['images.generate', { model: 'flux', prompt: 'a cat' }],
      ['rerank', { model: 'rr', query: 'a', documents: ['a', 'b'] }],
      ['rerank.create', { model: 'rr', query: 'a', documents: ['a', 'b'] }],
      ['audio.create', { model: 'tts', voice: 'a', input: 'hello' }],
      ['audio.speech.create', { model: 'tts', voice: 'a', input: 'hello' }],
      ['audio.transcriptions.create', { model: 'whisper', file: FILE }],
      ['audio.translations.create', { model: 'whisper', file: FILE }],
    ],
  );
};
