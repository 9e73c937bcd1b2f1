'use strict';
const { FILE, methods } = require('../methods.cjs');

const meta = {
  billed_units: { input_tokens: 9, output_tokens: 3, search_units: 1 },
  tokens: { input_tokens: 10, output_tokens: 3 },
};
const first = {
  response_id: 'r1',
  generation_id: 'g1',
  text: 'Hello.',
  finish_reason: 'COMPLETE',
  chat_history: [],
  meta,
};
const second = {
  ...{ id: 'r2', finish_reason: 'COMPLETE', usage: meta },
  message: { role: 'assistant', content: [{ type: 'text', text: 'Hello.' }] },
};
const delta = (text) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text } } } });

exports.answer = ({ url, body }) => {
  if (url.includes('/v2/chat')) {
    if (!body?.stream) return { json: second };
    return {
      events: [
        { type: 'message-start', id: 'r2', delta: { message: { role: 'assistant', content: [] } } },
        { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
        ...[delta('Hé'), delta('llo 😀'), { type: 'content-end', index: 0 }],
        { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: meta } },
      ].map((data) => ({ event: data.type, data })),
    };
  }
  if (url.includes('/chat')) {
    if (!body?.stream) return { json: first };
    return {
      lines: [
        { event_type: 'stream-start', generation_id: 'g1' },
        ...['Hé', 'llo 😀'].map((text) => ({ event_type: 'text-generation', text })),
        { event_type: 'stream-end', finish_reason: 'COMPLETE', response: first },
      ],
    };
  }
  if (url.includes('/embed'))
    return {
      json: { id: 'e', embeddings: [[0.1, 0.2]], texts: ['a'], meta, response_type: 'embeddings_floats' },
    };
  if (url.includes('/rerank'))
    return { json: { id: 'rr', results: [{ index: 0, relevance_score: 0.9 }], meta } };
  if (url.includes('/transcriptions')) return { json: { text: 'Hello.' } };
  return { json: first };
};
exports.start = async (load, url) => {
  const { CohereClient, CohereClientV2 } = await load('cohere-ai');
  const options = { token: 'none', environment: url };
  const signalOf = (abortSignal) => ({ abortSignal, maxRetries: 0 });
  const messages = [{ role: 'user', content: 'hello' }];
  const calls = methods(
    [new CohereClient(options)],
    [
      ['chat', { model: 'command', message: 'hello', chatHistory: [{ role: 'USER', message: 'a' }] }],
      ['chatStream', { model: 'command', message: 'hello' }],
      ['embed', { model: 'embed', texts: ['a'], inputType: 'search_document' }],
      ['rerank', { model: 'rerank', query: 'a', documents: ['a', 'b'] }],
      ['generate', { prompt: 'hello' }],
      ['generateStream', { prompt: 'hello' }],
      ['classify', { model: 'embed', inputs: ['a'], examples: [{ text: 'a', label: 'b' }] }],
      ['summarize', { text: 'a long text' }],
      ['audio.transcriptions.create', FILE, { model: 'transcribe', language: 'en' }],
    ],
    signalOf,
  );
  if (!CohereClientV2) return calls;
  const newer = methods(
    [new CohereClientV2(options)],
    [
      ['chat', { model: 'command-r', messages }],
      ['chatStream', { model: 'command-r', messages }],
      ['embed', { model: 'embed', texts: ['a'], inputType: 'search_document', embeddingTypes: ['float'] }],
      ['rerank', { model: 'rerank', query: 'a', documents: ['a', 'b'] }],
      ['parse', { model: 'parse', document: { type: 'document_url', documentUrl: 'https://example.com/a' } }],
    ],
    signalOf,
  );
  return [...calls, ...newer];
};
