'use strict';
const { methods } = require('../methods.cjs');
const openai = require('../formats/openai.cjs');

exports.answer = ({ url, body }, random) => {
  if (/\/(chat|fim|agents)\/completions/.test(url)) return openai.chat(random, { stream: body?.stream });
  return openai.answer({ url, body }, random);
};
exports.start = async (load, url) => {
  const { Mistral } = await load('@mistralai/mistralai');
  const client = new Mistral({ apiKey: 'none', serverURL: url, retryConfig: { strategy: 'none' } });
  const messages = [{ role: 'user', content: 'hello' }];
  return methods(
    [client],
    [
      ['chat.complete', { model: 'mistral-small', messages, maxTokens: 9 }],
      ['chat.stream', { model: 'mistral-small', messages }],
      ['fim.complete', { model: 'codestral', prompt: 'a', suffix: 'b' }],
      ['fim.stream', { model: 'codestral', prompt: 'a' }],
      ['agents.complete', { agentId: 'ag', messages }],
      ['agents.stream', { agentId: 'ag', messages }],
      ['embeddings.create', { model: 'mistral-embed', inputs: ['a'] }],
      ['classifiers.moderate', { model: 'mistral-moderation', inputs: ['a'] }],
      ['classifiers.moderateChat', { model: 'mistral-moderation', inputs: [messages] }],
      ['classifiers.classify', { model: 'mistral-moderation', inputs: ['a'] }],
      [
        'ocr.process',
        { model: 'ocr', document: { type: 'document_url', documentUrl: 'https://example.com/a' } },
      ],
      ['beta.conversations.start', { model: 'mistral-small', inputs: 'hello' }],
      ['beta.conversations.startStream', { model: 'mistral-small', inputs: 'hello' }],
    ],
    (signal) => ({ fetchOptions: { signal } }),
  );
};
