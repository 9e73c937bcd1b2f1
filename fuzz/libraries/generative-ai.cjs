'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { methods } = require('../methods.cjs');
const { answer } = require('../formats/gemini.cjs');

exports.answer = answer;
exports.start = async (load, url) => {
  const { GoogleGenerativeAI } = await load('@google/generative-ai');
  const model = new GoogleGenerativeAI('none').getGenerativeModel(
    { model: 'gemini-1.5-flash' },
    { baseUrl: url },
  );
  /** One message each: an answer of no known role makes the next one run for ever. */
  const chats = ['sendMessage', 'sendMessageStream'].map((name) => ({
    name: `chat.${name}`,
    run: (random) => model.startChat({ history: [] })[name](awkwardRequest(random, 'hello')),
  }));
  const calls = methods(
    [model],
    [
      ['generateContent', 'hello'],
      [
        'generateContent',
        { contents: [{ role: 'user', parts: [{ text: 'hello' }] }], generationConfig: { temperature: 0 } },
      ],
      ['generateContentStream', { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] }],
      ['embedContent', 'a'],
      ['batchEmbedContents', { requests: [{ content: { role: 'user', parts: [{ text: 'a' }] } }] }],
      ['countTokens', 'hello'],
    ],
  );
  return [...calls, ...chats];
};
