'use strict';
const { methods } = require('../methods.cjs');
const { answer } = require('../formats/anthropic.cjs');

const messages = [
  { role: 'user', content: [{ type: 'text', text: 'hello' }] },
  { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'look', input: {} }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'blue' }] },
];
const tools = [{ name: 'look', description: 'looks', input_schema: { type: 'object', properties: {} } }];
const request = { model: 'claude-sonnet-4-5', max_tokens: 9, system: 'be brief', messages, tools };

exports.answer = answer;
exports.start = async (load, url) => {
  const { Anthropic } = await load('@anthropic-ai/sdk');
  const clientOf = (options) => new Anthropic({ apiKey: 'none', baseURL: url, maxRetries: 0, ...options });
  return methods(
    [clientOf(), clientOf({ maxRetries: 1 })],
    [
      ['messages.create', request],
      ['messages.create', { ...request, stream: true }],
      ['messages.stream', request],
      ['messages.parse', request],
      ['beta.messages.create', request],
      ['beta.messages.create', { ...request, stream: true }],
      ['beta.messages.stream', request],
      ['beta.messages.parse', request],
      ['messages.countTokens', { model: request.model, messages, tools }],
      ['models.list'],
      [
        'completions.create',
        { model: 'claude-2', prompt: '\n\nHuman: hello\n\nAssistant:', max_tokens_to_sample: 9 },
      ],
    ],
  );
};
