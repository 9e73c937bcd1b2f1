'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { message } = require('../formats/aws.cjs');
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
  if (body?.inputs) return { json: [{ generated_text: 'Hello.', details: { generated_tokens: 3 } }] };
  return openai.chat(random, { ...body, stream: false });
};
exports.start = async (load, url) => {
  const sdk = await load('@aws-sdk/client-sagemaker-runtime');
  const client = new sdk.SageMakerRuntimeClient({
    ...{ region: 'us-east-1', endpoint: url, maxAttempts: 1 },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const chat = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }], max_tokens: 9 });
  const call = (name, Body) => ({
    name,
    run(random, abortSignal) {
      const input = { EndpointName: 'llama', ContentType: 'application/json', Body };
      return client.send(new sdk[name](awkwardRequest(random, input)), { abortSignal });
    },
  });
  return [
    call('InvokeEndpointCommand', chat),
    call('InvokeEndpointCommand', JSON.stringify({ inputs: 'hello', parameters: { max_new_tokens: 9 } })),
    call('InvokeEndpointCommand', '{"odd":'),
    call('InvokeEndpointWithResponseStreamCommand', chat),
    call('InvokeEndpointWithResponseStreamCommand', 'text'),
  ];
};
