'use strict';
const { awkwardAnswer, awkwardRequest } = require('../awkward.cjs');
const anthropic = require('../formats/anthropic.cjs');
const { message } = require('../formats/aws.cjs');

const usage = { inputTokens: 9, outputTokens: 3, totalTokens: 12 };
const said = { message: { role: 'assistant', content: [{ text: 'Hello.' }] } };
const events = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hé' } }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'llo 😀' } }],
  ['contentBlockStop', { contentBlockIndex: 0 }],
  ['messageStop', { stopReason: 'end_turn' }],
  ['metadata', { usage, metrics: { latencyMs: 5 } }],
];
const streamed = (random, parts) => ({
  bytes: Buffer.concat(parts.map(([type, data]) => message(type, awkwardAnswer(random, data) ?? null))),
  type: 'application/vnd.amazon.eventstream',
});

exports.answer = ({ url, body }, random) => {
  if (url.includes('converse-stream')) return streamed(random, events);
  if (url.includes('converse'))
    return { json: { output: said, stopReason: 'end_turn', usage, metrics: { latencyMs: 5 } } };
  if (!url.includes('response-stream'))
    return anthropic.answer({ url: '/v1/messages', body: { ...body, stream: false } }, random);
  const whole = anthropic.answer({ url: '/v1/messages', body: { stream: true } }, random);
  const chunk = ({ data }) => ({ bytes: Buffer.from(JSON.stringify(data)).toString('base64') });
  return streamed(
    random,
    whole.events.map((event) => ['chunk', chunk(event)]),
  );
};
exports.start = async (load, url) => {
  const sdk = await load('@aws-sdk/client-bedrock-runtime');
  const client = new sdk.BedrockRuntimeClient({
    ...{ region: 'us-east-1', endpoint: url, maxAttempts: 1 },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const talk = {
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'hello' }] }],
    inferenceConfig: { maxTokens: 9 },
  };
  const invoke = {
    ...{ modelId: 'anthropic.claude-3-haiku-20240307-v1:0', contentType: 'application/json' },
    body: JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'hello' }],
    }),
  };
  const call = (name, input) => ({
    name,
    run: (random, abortSignal) => client.send(new sdk[name](awkwardRequest(random, input)), { abortSignal }),
  });
  return [
    call('ConverseCommand', talk),
    call('ConverseStreamCommand', talk),
    call('InvokeModelCommand', invoke),
    call('InvokeModelWithResponseStreamCommand', invoke),
  ];
};
