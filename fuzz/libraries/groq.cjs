'use strict';
const { FILE, methods } = require('../methods.cjs');
const { answer } = require('../formats/openai.cjs');

const chat = { model: 'llama-3', messages: [{ role: 'user', content: 'hello' }], temperature: 0 };

exports.answer = answer;
exports.start = async (load, url) => {
  const { Groq } = await load('groq-sdk');
  return methods(
    [new Groq({ apiKey: 'none', baseURL: url, maxRetries: 0 })],
    [
      ['chat.completions.create', chat],
      ['chat.completions.create', { ...chat, stream: true }],
      ['embeddings.create', { model: 'e', input: 'a' }],
      ['audio.speech.create', { model: 'tts', voice: 'a', input: 'hello' }],
      ['audio.transcriptions.create', { model: 'whisper', file: FILE }],
      ['audio.translations.create', { model: 'whisper', file: FILE }],
    ],
  );
};
