'use strict';
const anthropic = require('../formats/anthropic.cjs');
const { commands, streamed } = require('../formats/aws.cjs');

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
const guarded = {
  ...{ action: 'GUARDRAIL_INTERVENED', usage: { topicPolicyUnits: 1 }, outputs: [{ text: 'no' }] },
  assessments: [{ topicPolicy: { topics: [{ name: 'sky', type: 'DENY', action: 'BLOCKED' }] } }],
};
/** Some streams end with a fault of the model's. */
const ending = (random) => (random.chance(0.1) ? [['modelStreamErrorException', { message: 'no' }]] : []);
exports.eitherVersion = true;
exports.answer = ({ url, body }, random) => {
  if (url.includes('converse-stream')) return streamed(random, [...events, ...ending(random)]);
  if (url.includes('converse'))
    return { json: { output: said, stopReason: 'end_turn', usage, metrics: { latencyMs: 5 } } };
  if (url.includes('/guardrail/')) return { json: guarded };
  if (!url.includes('response-stream'))
    return anthropic.answer({ url: '/v1/messages', body: { ...body, stream: false } }, random);
  const whole = anthropic.answer({ url: '/v1/messages', body: { stream: true } }, random);
  const chunk = ({ data }) => ({ bytes: Buffer.from(JSON.stringify(data)).toString('base64') });
  return streamed(random, [...whole.events.map((event) => ['chunk', chunk(event)]), ...ending(random)]);
};
exports.start = async (load, url) => {
  const sdk = await load('@aws-sdk/client-bedrock-runtime');
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
  const judged = {
    ...{ guardrailIdentifier: 'gr1', guardrailVersion: '1', source: 'INPUT' },
    content: [{ text: { text: 'hello' } }],
  };
  return commands(sdk, 'BedrockRuntimeClient', url, [
    ['ConverseCommand', talk],
    ['ConverseStreamCommand', talk],
    ['InvokeModelCommand', invoke],
    ['InvokeModelWithResponseStreamCommand', invoke],
    ['ApplyGuardrailCommand', judged],
  ]);
};
