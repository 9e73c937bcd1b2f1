'use strict';
const { methods } = require('../methods.cjs');
const openai = require('../formats/openai.cjs');

const generated = {
  model_id: 'granite',
  created_at: 'now',
  results: [
    { generated_text: 'Hello.', generated_token_count: 3, input_token_count: 9, stop_reason: 'eos_token' },
  ],
};

exports.answer = ({ url, body }, random) => {
  if (url.includes('/text/chat')) return openai.chat(random, { ...body, stream: url.includes('stream') });
  if (url.includes('generation_stream')) return { events: [{ event: 'message', data: generated }] };
  if (url.includes('/generation')) return { json: generated };
  if (url.includes('/embeddings'))
    return { json: { model_id: 'e', results: [{ embedding: [0.1] }], input_token_count: 2 } };
  return { json: { results: [{ index: 0, score: 0.9 }], input_token_count: 2 } };
};
exports.start = async (load, url) => {
  const { WatsonXAI } = await load('@ibm-cloud/watsonx-ai');
  const { BearerTokenAuthenticator } = await load('ibm-cloud-sdk-core');
  // It prints of streams that break off.
  for (const method of ['log', 'warn', 'error']) console[method] = () => {};
  const authenticator = new BearerTokenAuthenticator({ bearerToken: 'none' });
  const client = WatsonXAI.newInstance({ version: '2024-05-31', serviceUrl: url, authenticator });
  const chat = {
    modelId: 'granite',
    projectId: 'p',
    messages: [{ role: 'user', content: 'hello' }],
    maxTokens: 9,
  };
  const text = { modelId: 'granite', projectId: 'p', input: 'hello', parameters: { max_new_tokens: 9 } };
  return methods(
    [client],
    [
      ['textChat', chat],
      ['textChatStream', { ...chat, returnObject: true }],
      ['generateText', text],
      ['generateTextStream', { ...text, returnObject: true }],
      ['deploymentsTextChat', { idOrName: 'd', messages: chat.messages }],
      ['deploymentsTextChatStream', { idOrName: 'd', messages: chat.messages, returnObject: true }],
      ['deploymentGenerateText', { idOrName: 'd', input: 'hello' }],
      ['deploymentGenerateTextStream', { idOrName: 'd', input: 'hello', returnObject: true }],
      ['embedText', { modelId: 'e', projectId: 'p', inputs: ['a'] }],
      ['textRerank', { modelId: 'r', projectId: 'p', query: 'a', inputs: [{ text: 'b' }] }],
    ],
    () => undefined,
  );
};
