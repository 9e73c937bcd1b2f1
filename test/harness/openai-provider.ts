import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { LLMock } from '@copilotkit/aimock';
import { type Body, FRAMEWORKS_KEEP_ALIVE_MILLIS, json, startProviderServer } from './provider-server';
import type { ProviderServer } from './provider-suite';

type Answer = (body: Body, response: ServerResponse, request: IncomingMessage) => void;

/**
 * OpenAI on loopback. It keeps every request as it came, byte for byte. Models whose names say so misbehave or
 * answer with details aimock has no words for (reasoning, cached tokens, several choices, legacy completions,
 * base64 vectors, broken and hanging streams); everything else is answered by aimock behind it.
 * Its address ends in `/v1`.
 */
export async function startOpenAIProvider(): Promise<ProviderServer> {
  const aimock = await startAimock();
  const server = await startProviderServer(({ body, raw, path, request, attempt }, response) => {
    response.setHeader('x-request-id', 'req_1');
    const model = String(body.model ?? '');
    if (model === 'flaky') {
      return (attempt % 2 === 1 ? fail(429, 'slow down') : chat)(body, response, request);
    }
    const answer = /\/completions/.test(path) && model === 'instruct-1' ? legacy : MODELS[model];
    if (answer) answer(body, response, request);
    else if (/^(chat|parallel|gpt)-/.test(model)) chat(body, response, request);
    else forward(aimock.url, request, raw, response);
  }, FRAMEWORKS_KEEP_ALIVE_MILLIS);
  return {
    ...server,
    url: `${server.url}/v1`,
    async close() {
      await server.close();
      await aimock.stop();
    },
  };
}

async function startAimock(): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  const weather = { name: 'weather', arguments: '{"city":"MARK-ARGS"}', id: 'call_1' };
  mock.on({ model: 'aimock-tools' }, { toolCalls: [weather] });
  mock.on(
    { model: 'aimock-1' },
    {
      content: '{"answer":"MARK-ANSWER"}',
      usage: {
        prompt_tokens: 21,
        completion_tokens: 9,
        input_tokens: 21,
        output_tokens: 9,
        total_tokens: 30,
      },
    },
  );
  // An agent's model: two tools at once, one more, and then it knows.
  const usage = { prompt_tokens: 31, completion_tokens: 4, total_tokens: 35 };
  const asks = (...ids: string[]) => ({ toolCalls: ids.map((id) => ({ ...weather, id })), usage });
  const results = (count: number) => (request: { messages: { tool_call_id?: string }[] }) =>
    request.messages.filter(({ tool_call_id }) => tool_call_id?.startsWith('call_')).length === count;
  mock.on({ model: 'agent-1', predicate: results(0) }, asks('call_1', 'call_2'));
  mock.on({ model: 'agent-1', predicate: results(2) }, asks('call_3'));
  mock.on({ model: 'agent-1' }, { content: 'MARK-ANSWER', usage });
  const handOver = { name: 'transfer_to_Forecaster', arguments: '{}', id: 'handoff_1' };
  mock.on({ model: 'triage-1' }, { toolCalls: [handOver], usage });
  mock.onImage(/.*/, { images: [{ b64Json: 'aGVsbG8=' }, { b64Json: 'd29ybGQ=' }] });
  mock.onSpeech(/.*/, { audio: 'aGVsbG8=', format: 'mp3' });
  mock.onTranscription({ transcription: { text: 'MARK-ANSWER heard' } });
  mock.onTranslation({ transcription: { text: 'MARK-ANSWER translated' } });
  mock.onModerate(/.*/, { flagged: true, categories: { violence: true } });
  await mock.start();
  return mock;
}

export function forward(
  aimock: string,
  request: IncomingMessage,
  raw: Buffer,
  response: ServerResponse,
): void {
  const target = new URL(request.url ?? '/', aimock);
  // A connection of its own: one that is kept may be closed as it is used again, on a machine with other work.
  const options = { method: request.method, headers: request.headers, agent: false };
  const upstream = send(target, options, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  upstream.end(raw);
}

const USAGE = {
  prompt_tokens: 11,
  completion_tokens: 7,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

function head(body: Body, object: string): Body {
  return {
    id: 'chatcmpl-1',
    object,
    created: 1_700_000_000,
    model: `${body.model}-2026-01-01`,
    system_fingerprint: 'fp_1',
    service_tier: 'default',
  };
}

const message = (content: string | null, more = {}) => ({
  role: 'assistant',
  content,
  refusal: null,
  ...more,
});

const chat: Answer = (body, response) => {
  if (body.stream) return stream(response, body, textDeltas());
  const choices = Array.from({ length: Number(body.n ?? 1) }, (_, index) => ({
    index,
    message: message(`MARK-ANSWER ${index}`, { reasoning_content: 'MARK-REASONING' }),
    logprobs: null,
    finish_reason: 'stop',
  }));
  json(response, 200, { ...head(body, 'chat.completion'), choices, usage: USAGE });
};

function textDeltas(): Body[] {
  return [
    { delta: { role: 'assistant', content: '' } },
    { delta: { reasoning_content: 'MARK-REASONING' } },
    { delta: { content: 'MARK-' } },
    { delta: { content: 'ANSWER' } },
    { delta: {}, finish_reason: 'stop' },
  ];
}

function toolDeltas(): Body[] {
  const call = (more: Body) => ({ delta: { tool_calls: [{ index: 0, ...more }] } });
  return [
    { delta: { role: 'assistant', content: null } },
    call({ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }),
    call({ function: { arguments: '{"city":' } }),
    call({ function: { arguments: '"MARK-ARGS"}' } }),
    { delta: {}, finish_reason: 'tool_calls' },
  ];
}

function event(body: Body, choice: Body): string {
  const choices = [{ index: 0, finish_reason: null, ...choice }];
  return `data: ${JSON.stringify({ ...head(body, 'chat.completion.chunk'), choices })}\n\n`;
}

function stream(response: ServerResponse, body: Body, deltas: Body[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const delta of deltas) response.write(event(body, delta));
  if ((body.stream_options as Body | undefined)?.include_usage) {
    const last = { ...head(body, 'chat.completion.chunk'), choices: [], usage: USAGE };
    response.write(`data: ${JSON.stringify(last)}\n\n`);
  }
  response.end('data: [DONE]\n\n');
}

const legacy: Answer = (body, response) => {
  const completion = (text: string, finish: string | null): Body => ({
    ...head(body, 'text_completion'),
    choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
  });
  if (!body.stream) return json(response, 200, { ...completion('MARK-ANSWER', 'length'), usage: USAGE });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [text, finish] of [
    ['MARK-', null],
    ['ANSWER', 'stop'],
  ] as const) {
    response.write(`data: ${JSON.stringify(completion(text, finish))}\n\n`);
  }
  response.end('data: [DONE]\n\n');
};

function oneChoice(choice: Body): Answer {
  return (body, response) =>
    json(response, 200, {
      ...head(body, 'chat.completion'),
      choices: [{ index: 0, logprobs: null, ...choice }],
      usage: USAGE,
    });
}

const CALL = {
  id: 'call_1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"MARK-ARGS"}' },
};
const callTool: Answer = (body, response, request) =>
  body.stream
    ? stream(response, body, toolDeltas())
    : oneChoice({ message: message(null, { tool_calls: [CALL] }), finish_reason: 'tool_calls' })(
        body,
        response,
        request,
      );

function fail(status: number, text: string): Answer {
  return (body, response) => {
    const error = {
      message: `${text} MARK-ERROR ${body.model}`,
      type: 'bad',
      param: 'model',
      code: 'code_1',
    };
    json(response, status, { error }, { 'retry-after-ms': '5' });
  };
}

const DELTAS: Body[] = [{ role: 'assistant', content: '' }, { content: 'MARK-PARTIAL' }];

/** The first chunks; what follows is up to `then`. */
function beginning(
  then: (response: ServerResponse, body: Body, request: IncomingMessage) => void,
  deltas = DELTAS,
): Answer {
  return (body, response, request) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(deltas.map((delta) => event(body, { delta })).join(''), () =>
      then(response, body, request),
    );
  };
}

const VECTOR = [0.5, 0.25, -1, 2, 0, 0.125, -0.5, 1];

/** aimock answers with numbers even where base64, the default of openai 4.60 and later, was asked for. */
const embed: Answer = (body, response) => {
  const encoded = Buffer.from(new Float32Array(VECTOR).buffer).toString('base64');
  const embedding = body.encoding_format === 'base64' ? encoded : VECTOR;
  const data = [body.input].flat().map((_, index) => ({ object: 'embedding', index, embedding }));
  const usage = { prompt_tokens: 5, total_tokens: 5 };
  json(response, 200, { object: 'list', model: `${body.model}-2026-01-01`, data, usage });
};

/** No answer, but not for ever: openai 4 leaves some of these sockets open, and its process with them. */
const hang: Answer = (_body, response) => void setTimeout(() => response.destroy(), 1_500).unref();

const MODELS: Record<string, Answer> = {
  'tools-1': callTool,
  'embed-1': embed,
  'loop-1': (body, response, request) => {
    const answered = (body.messages as Body[]).some(({ role }) => role === 'tool');
    return (answered ? chat : callTool)(body, response, request);
  },
  'json-1': oneChoice({ message: message('{"answer":"MARK-ANSWER"}'), finish_reason: 'stop' }),
  'length-1': oneChoice({ message: message('{"ans'), finish_reason: 'length' }),
  'status-400': fail(400, 'no such thing'),
  'status-429': fail(429, 'slow down'),
  'status-500': fail(500, 'sorry'),
  'broken-json': (_body, response) => json(response, 200, '{"choices": ['),
  hang,
  'hang-body': (_body, response, request) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"id":');
    hang({}, response, request);
  },
  'hang-stream': beginning(
    (response, body, request) => hang(body, response, request),
    [
      // One chunk: whether an app that stops at it has already read a second one is a matter of luck.
      { role: 'assistant', content: 'MARK-PARTIAL' },
    ],
  ),
  'cut-stream': beginning((response) => response.destroy()),
  'error-stream': beginning((response) => {
    response.end(`data: ${JSON.stringify({ error: { message: 'MARK-ERROR', type: 'server_error' } })}\n\n`);
  }),
  'slow-stream': beginning((response, body) => {
    setTimeout(
      () => response.end(`${event(body, { delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`),
      60,
    );
  }),
};
