'use strict';
const { commands, message } = require('../formats/aws.cjs');
const openai = require('../formats/openai.cjs');

/** What the container says, which the service passes on; its streams are cut where they like. */
exports.answer = ({ url, body }, random) => {
  if (url.includes('response-stream')) {
    const { events } = openai.chat(random, { stream: true });
    const parts = events.map(
      ({ data }) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
    );
    return {
      bytes: Buffer.concat(parts.map((part) => message('PayloadPart', Buffer.from(part)))),
      type: 'application/vnd.amazon.eventstream',
    };
  }
  if (url.includes('async-invocations'))
    return { json: { InferenceId: 'i1', OutputLocation: 's3://bucket/answer' } };
  if (body?.inputs) return { json: [{ generated_text: 'Hello.', details: { generated_tokens: 3 } }] };
  return openai.chat(random, { ...body, stream: false });
};
exports.start = async (load, url) => {
  const sdk = await load('@aws-sdk/client-sagemaker-runtime');
  const chat = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }], max_tokens: 9 });
  const input = (Body) => ({ EndpointName: 'llama', ContentType: 'application/json', Body });
  return commands(sdk, 'SageMakerRuntimeClient', url, [
    ['InvokeEndpointCommand', input(chat)],
    ['InvokeEndpointCommand', input(JSON.stringify({ inputs: 'hello', parameters: { max_new_tokens: 9 } }))],
    ['InvokeEndpointCommand', input('{"odd":')],
    ['InvokeEndpointWithResponseStreamCommand', input(chat)],
    ['InvokeEndpointWithResponseStreamCommand', input('text')],
    ['InvokeEndpointAsyncCommand', { EndpointName: 'llama', InputLocation: 's3://bucket/question' }],
  ]);
};
