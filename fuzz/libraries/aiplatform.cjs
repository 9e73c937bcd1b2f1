'use strict';
const { methods } = require('../methods.cjs');
const { answer } = require('../formats/gemini.cjs');

exports.answer = answer;
/** Predictions over REST, which is patched in the same place as gRPC. */
exports.start = async (load, url) => {
  const { helpers, PredictionServiceClient } = await load('@google-cloud/aiplatform');
  const { hostname, port } = new URL(url);
  const headers = () => Object.assign(new Map([['authorization', 'none']]), { authorization: 'none' });
  const client = new PredictionServiceClient({
    ...{ fallback: true, protocol: 'http', apiEndpoint: hostname, port: Number(port), projectId: 'p' },
    authClient: {
      getRequestHeaders: async () => headers(),
      getAccessToken: async () => ({ token: 'none' }),
      fetch: (target, { method, headers, body }) => fetch(target, { method, headers, body }),
    },
  });
  const model = 'projects/p/locations/us-central1/publishers/google/models/gemini-1.5-flash';
  const instances = [helpers.toValue({ content: 'hello' })];
  return methods(
    [client],
    [
      ['predict', { endpoint: model, instances, parameters: helpers.toValue({ sampleCount: 1 }) }],
      ['embedContent', { model, content: { parts: [{ text: 'hello' }] } }],
      ['generateContent', { model, contents: [{ role: 'user', parts: [{ text: 'hello' }] }] }],
    ],
    () => ({ maxRetries: 0 }),
  );
};
