'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { methods } = require('../methods.cjs');
const { answer } = require('../formats/gemini.cjs');

const model = 'gemini-2.5-flash';
const request = {
  model,
  contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
  config: { temperature: 0.5, systemInstruction: 'be brief' },
};

exports.answer = answer;
exports.start = async (load, url) => {
  const { GoogleGenAI } = await load('@google/genai');
  const settings = { apiKey: 'none', httpOptions: { baseUrl: url } };
  const client = new GoogleGenAI(settings);
  const vertex = new GoogleGenAI({ ...settings, vertexai: true });
  /** One message each: an answer of no known role makes the next one run for ever. */
  const chats = ['sendMessage', 'sendMessageStream'].map((name) => ({
    name: `chats.${name}`,
    run: (random) => client.chats.create({ model })[name](awkwardRequest(random, { message: 'hello' })),
  }));
  const image = { imageBytes: 'AAAA', mimeType: 'image/png' };
  // Signals are part of the request.
  const calls = methods(
    [client, vertex],
    [
      ['models.generateContent', request],
      ['models.generateContent', { model, contents: 'hello' }],
      ['models.generateContentStream', request],
      ['models.embedContent', { model: 'text-embedding-004', contents: ['a'] }],
      ['models.generateImages', { model: 'imagen-4.0', prompt: 'a cat' }],
      ['models.generateVideos', { model: 'veo-3.0', prompt: 'a cat' }],
      ['models.countTokens', { model, contents: 'hello' }],
      ['models.upscaleImage', { model: 'imagen-3.0', image, upscaleFactor: 'x2' }],
      ['models.recontextImage', { model: 'imagen-4.0', source: { prompt: 'a cat', personImage: image } }],
      ['models.editImage', { model: 'imagen-3.0', prompt: 'a cat', referenceImages: [] }],
      ['models.list'],
      ['files.list'],
      ['caches.create', { model, config: { contents: 'hello' } }],
      ['interactions.create', { model, input: 'hello' }],
      ['interactions.create', { model, input: 'hello', stream: true }],
    ],
  );
  return [...calls, ...chats];
};
