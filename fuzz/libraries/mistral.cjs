'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { methods } = require('../methods.cjs');
const openai = require('../formats/openai.cjs');

const messages = [{ role: 'user', content: 'hello' }];
const at = '2026-01-01T00:00:00Z';
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, connector_tokens: 1 };
const entry = { object: 'entry', created_at: at, completed_at: at };
const conversation = {
  ...{ object: 'conversation.response', conversation_id: 'c1', usage },
  outputs: [
    { ...entry, type: 'tool.execution', id: 't1', name: 'web_search', arguments: '{}' },
    { ...entry, type: 'message.output', id: 'm1', role: 'assistant', model: 'm', content: 'Hello.' },
  ],
};
const output = { created_at: at, output_index: 0, id: 'm1', model: 'm', content_index: 0, role: 'assistant' };
const call = { created_at: at, output_index: 1, id: 'f1', tool_call_id: 't2', name: 'look' };
const eventsOfConversation = [
  { type: 'conversation.response.started', created_at: at, conversation_id: 'c1' },
  ...['Hé', 'llo 😀'].map((content) => ({ type: 'message.output.delta', ...output, content })),
  ...['{"at":', '"sky"}'].map((text) => ({ type: 'function.call.delta', ...call, arguments: text })),
  { type: 'conversation.response.done', created_at: at, usage },
].map((data) => ({ event: data.type, data }));
const page = { index: 0, markdown: '# a', images: [], dimensions: { dpi: 72, height: 9, width: 9 } };

exports.answer = ({ url, body }, random) => {
  if (/\/(chat|fim|agents)\/completions|[rR]awPredict/.test(url))
    return openai.chat(random, { stream: body?.stream });
  if (url.includes('/conversations'))
    return body?.stream ? { events: eventsOfConversation } : { json: conversation };
  if (url.includes('moderations'))
    return {
      json: { id: 'm1', model: 'm', results: [{ categories: { a: true }, category_scores: { a: 1 } }] },
    };
  if (url.includes('classifications'))
    return { json: { id: 'k1', model: 'm', results: [{ mood: { scores: { happy: 0.75 } } }] } };
  if (url.includes('/ocr'))
    return { json: { model: 'ocr', pages: [page], usage_info: { pages_processed: 1, doc_size_bytes: 9 } } };
  return openai.answer({ url, body }, random);
};

/** What a client can do, Mistral's own or that of another cloud. */
exports.callsOf = (client, z) => {
  const inputs = [{ type: 'function.result', toolCallId: 't2', result: 'blue' }];
  const calls = methods(
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
      ['classifiers.classifyChat', { model: 'mistral-moderation', inputs: [{ messages }] }],
      [
        'ocr.process',
        { model: 'ocr', document: { type: 'document_url', documentUrl: 'https://example.com/a' } },
      ],
      ['beta.conversations.start', { model: 'mistral-small', inputs: 'hello' }],
      ['beta.conversations.startStream', { model: 'mistral-small', inputs: 'hello' }],
      ...['', 'Stream'].flatMap((stream) => [
        [
          `beta.conversations.append${stream}`,
          { conversationId: 'c1', [`conversationAppend${stream}Request`]: { inputs } },
        ],
        [
          `beta.conversations.restart${stream}`,
          { conversationId: 'c1', [`conversationRestart${stream}Request`]: { inputs, fromEntryId: 'm1' } },
        ],
      ]),
      ['models.list'],
    ],
    signalOf,
  );
  if (!client.chat.parse || !z) return calls;
  const responseFormat = z.object({ at: z.string() });
  const parsing = ['parse', 'parseStream'].map((name) => ({
    name: `chat.${name}`,
    run: (random, signal) =>
      client.chat[name](
        { ...awkwardRequest(random, { model: 'mistral-small', messages }), responseFormat },
        signalOf(signal),
      ),
  }));
  return [...calls, ...parsing];
};
const signalOf = (signal) => ({ fetchOptions: { signal } });

exports.start = async (load, url) => {
  const { Mistral } = await load('@mistralai/mistralai');
  const { z } = await load('zod');
  const client = new Mistral({ apiKey: 'none', serverURL: url, retryConfig: { strategy: 'none' } });
  return exports.callsOf(client, z);
};
