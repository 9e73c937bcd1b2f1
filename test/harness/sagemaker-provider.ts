import { type AwsAnswer, type AwsCall, startAwsProvider } from './aws-provider';
import { bytesEvent, exceptionEvent } from './event-stream';
import type { ProviderServer } from './provider-suite';

/** SageMaker's runtime; what the container behind an endpoint speaks is in the endpoint's name. */
export const startSageMakerProvider = (): Promise<ProviderServer> => startAwsProvider(answer);

const VARIANT = { 'x-amzn-invoked-production-variant': 'AllTraffic' };
const USAGE = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 };

function answer(call: AwsCall, reply: AwsAnswer): unknown {
  const [, , endpoint = '', operation] = call.path.split('/').map((part) => part);
  if (endpoint === 'status-400') {
    return reply.send(
      424,
      { 'content-type': 'application/json', 'x-amzn-errortype': 'ModelError' },
      JSON.stringify({
        Message: 'MARK-ERROR model failed',
        OriginalStatusCode: 400,
        OriginalMessage: 'MARK-ERROR bad input',
      }),
    );
  }
  if (endpoint === 'flaky' && call.attempt === 1) {
    return reply.error(503, 'ServiceUnavailable', 'MARK-ERROR busy');
  }
  if (endpoint === 'hang') return reply.hang();
  if (operation === 'async-invocations') {
    return reply.json(
      { InferenceId: 'inference-1' },
      { 'x-amzn-sagemaker-outputlocation': 's3://bucket/MARK-output' },
    );
  }
  if (operation === 'invocations-response-stream') return streamAnswer(endpoint, reply);
  const body = ANSWERS[endpoint] ?? ANSWERS.openai;
  if (endpoint === 'csv') return reply.send(200, { 'content-type': 'text/csv', ...VARIANT }, '0.1,0.2\n');
  return reply.json(body, VARIANT);
}

const ANSWERS: Record<string, unknown> = {
  openai: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'meta-llama/Llama-3-8B',
    choices: [{ index: 0, message: { role: 'assistant', content: 'MARK-ANSWER' }, finish_reason: 'stop' }],
    usage: USAGE,
  },
  tgi: [
    {
      generated_text: 'MARK-ANSWER',
      details: {
        finish_reason: 'eos_token',
        generated_tokens: 8,
        prefill: [
          { id: 1, text: '<s>' },
          { id: 2, text: 'a' },
          { id: 3, text: 'b' },
        ],
      },
    },
  ],
  'tgi-plain': { generated_text: 'MARK-ANSWER' },
  jumpstart: [{ generation: { role: 'assistant', content: ' MARK-ANSWER' } }],
  texts: { generated_texts: ['MARK-ANSWER one', 'MARK-ANSWER two'] },
  vectors: [[[0.1, 0.2, 0.3]]],
  embedding: { embedding: [[0.1, 0.2, 0.3]] },
  'openai-embeddings': {
    object: 'list',
    model: 'bge',
    data: [{ index: 0, embedding: [0.1, 0.2] }],
    usage: { prompt_tokens: 5, total_tokens: 5 },
  },
  completions: {
    id: 'cmpl-1',
    choices: [{ index: 0, text: 'MARK-ANSWER', finish_reason: 'length' }],
    usage: USAGE,
  },
  other: { predictions: [{ label: 'MARK-ANSWER', score: 0.5 }] },
};

const STREAMS: Record<string, string> = {
  openai: [
    {
      id: 'chatcmpl-1',
      model: 'llama',
      choices: [{ index: 0, delta: { role: 'assistant', content: 'MARK-' } }],
    },
    { id: 'chatcmpl-1', model: 'llama', choices: [{ index: 0, delta: { content: 'ANSWER ünï 🙂' } }] },
    { id: 'chatcmpl-1', model: 'llama', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { id: 'chatcmpl-1', model: 'llama', choices: [], usage: USAGE },
  ]
    .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
    .concat('data: [DONE]\n\n')
    .join(''),
  tgi: [
    { token: { id: 1, text: 'MARK-', special: false }, generated_text: null, details: null },
    { token: { id: 2, text: 'ANSWER ünï', special: false }, generated_text: null, details: null },
    {
      token: { id: 3, text: '</s>', special: true },
      generated_text: 'MARK-ANSWER ünï',
      details: { finish_reason: 'eos_token', generated_tokens: 3, input_length: 5 },
    },
  ]
    .map((chunk) => `data:${JSON.stringify(chunk)}\n\n`)
    .join(''),
  djl: [
    { token: { id: 1, text: 'MARK-', log_prob: -1 } },
    { token: { id: 2, text: 'ANSWER' }, details: { finish_reason: 'length', generated_tokens: 2 } },
  ]
    .map((chunk) => JSON.stringify(chunk))
    .join('\n'),
  text: 'MARK-ANSWER ünï\nas it comes',
};

function streamAnswer(endpoint: string, reply: AwsAnswer): unknown {
  const bytes = Buffer.from(STREAMS[endpoint] ?? STREAMS.openai ?? '');
  // Cut inside JSON and inside characters.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 11) }, (_, i) =>
    bytesEvent('PayloadPart', bytes.subarray(i * 11, (i + 1) * 11)),
  );
  if (endpoint === 'exception') {
    return reply.events([...pieces.slice(0, 9), exceptionEvent('ModelStreamError', 'MARK-ERROR')]);
  }
  if (endpoint === 'hang-stream') return reply.events(pieces.slice(0, 9), { size: 100_000, end: 'hang' });
  return reply.events(pieces);
}
