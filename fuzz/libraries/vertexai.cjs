'use strict';
const { methods } = require('../methods.cjs');
const { answer } = require('../formats/gemini.cjs');

exports.answer = answer;
/** The SDK knows no other scheme. */
exports.tls = true;
exports.start = async (load, url) => {
  const { VertexAI } = await load('@google-cloud/vertexai');
  // The deprecation is announced with each client.
  console.warn = () => {};
  const authClient = {
    getRequestHeaders: async () => ({ authorization: 'Bearer none' }),
    getAccessToken: async () => ({ token: 'none' }),
  };
  const client = new VertexAI({
    ...{ project: 'p', location: 'us-central1', apiEndpoint: new URL(url).host },
    googleAuthOptions: { authClient },
  });
  const settings = { model: 'gemini-1.5-flash', generationConfig: { temperature: 0 } };
  const models = [client.getGenerativeModel(settings), client.preview.getGenerativeModel(settings)];
  const request = { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] };
  const chat = (name) => ({
    name: `chat.${name}`,
    run: (random) => random.pick(models).startChat({ history: [] })[name]('hello'),
  });
  return [
    ...methods(
      models,
      [
        ['generateContent', 'hello'],
        ['generateContent', request],
        ['generateContentStream', request],
        ['countTokens', request],
      ],
      () => undefined,
    ),
    ...['sendMessage', 'sendMessageStream'].map(chat),
  ];
};
