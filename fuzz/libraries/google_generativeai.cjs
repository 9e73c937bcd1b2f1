'use strict';
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
  const client = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: url } });
  // Signals are part of the request.
  return methods(
    [client],
    [
      ['models.generateContent', request],
      ['models.generateContent', { model, contents: 'hello' }],
      ['models.generateContentStream', request],
      ['models.embedContent', { model: 'text-embedding-004', contents: ['a'] }],
      ['models.generateImages', { model: 'imagen-4.0', prompt: 'a cat' }],
    ],
  );
};
