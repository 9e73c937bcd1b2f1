import type { ServerResponse } from 'node:http';
import { type Body, type Call, hang, html, json, sendInPieces, startProviderServer } from './provider-server';
import type { ProviderServer } from './provider-suite';

type Answer = (call: Call) => void;

const USAGE = { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30, num_cached_tokens: 16 };
const ZERO = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
const CALL = { id: 'call00001', type: 'function', index: 0 };

const answer: Answer = (call) => {
  const { path, body, response } = call;
  const trouble = TROUBLE[String(body.model)];
  if (trouble) return trouble(call);
  switch (path) {
    case '/v1/chat/completions':
    // Azure's.
    case '/v1/models/chat/completions':
    case '/v1/agents/completions':
    case '/v1/fim/completions':
      return chat(call);
    case '/v1/embeddings': {
      const inputs = [body.input].flat();
      const data = inputs.map((_, index) => ({ object: 'embedding', index, embedding: [0.5, -1, 0.25] }));
      const usage = { prompt_tokens: 8, completion_tokens: 0, total_tokens: 8 };
      return json(response, 200, { id: 'emb-1', object: 'list', model: body.model, data, usage });
    }
    case '/v1/moderations':
    case '/v1/chat/moderations': {
      const results = [{ categories: { violence: true }, category_scores: { violence: 0.9 } }];
      return json(response, 200, { id: 'mod-1', model: body.model, results });
    }
    case '/v1/classifications': {
      const results = [{ mood: { scores: { happy: 0.75 } } }];
      return json(response, 200, { id: 'class-1', model: body.model, results });
    }
    case '/v1/ocr':
      return json(response, 200, {
        model: body.model,
        pages: [
          {
            index: 0,
            markdown: '# MARK-ANSWER',
            images: [{ ...CORNERS, id: 'img-0.png', image_base64: 'data:image/png;base64,AAAA' }],
            dimensions: { dpi: 72, height: 10, width: 10 },
          },
        ],
        usage_info: { pages_processed: 1, doc_size_bytes: 1234 },
      });
    case '/telemetry/v1/traces':
      return json(response, 200, {});
    case '/v1/models':
      return json(response, 200, { object: 'list', data: [] });
    default:
      return /^\/v1\/conversations/.test(path)
        ? conversation(call)
        : json(response, 404, { detail: 'MARK-ERROR' });
  }
};

/** Mistral's API as its OpenAPI description has it; the model's name says how it answers. */
export const startMistralProvider = (): Promise<ProviderServer> => startProviderServer(answer);

const CORNERS = { top_left_x: 0, top_left_y: 0, bottom_right_x: 1, bottom_right_y: 1 };

const head = (body: Body, object: string): Body => ({
  id: 'cmpl-1',
  object,
  created: 1_700_000_000,
  model: body.model ?? 'agent-model-1',
});

const THINKING = [
  { type: 'thinking', thinking: [{ type: 'text', text: 'MARK-REASONING' }], closed: true },
  { type: 'text', text: 'MARK-ANSWER' },
  { type: 'reference', reference_ids: [1, 2] },
];

function message(body: Body): Body {
  switch (body.model) {
    case 'think-1':
      return { content: THINKING };
    case 'unknown-1':
      return {
        content: [
          { type: 'hologram', depth: 3 },
          { type: 'text', text: 'MARK-ANSWER' },
        ],
      };
    case 'json-1':
      return { content: '{"answer":"MARK-ANSWER"}' };
    case 'tools-1': {
      const target = { name: 'weather', arguments: '{"city":"MARK-ARGS"}' };
      return { content: '', tool_calls: [{ ...CALL, function: target }] };
    }
    default:
      return { content: 'MARK-ANSWER grüße 🌍' };
  }
}

function deltas(body: Body): Body[] {
  switch (body.model) {
    case 'think-1':
      return [
        { role: 'assistant', content: '' },
        { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'MARK-' }] }] },
        { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'REASONING' }], closed: true }] },
        { content: 'MARK-' },
        { content: 'ANSWER' },
        { content: [{ type: 'reference', reference_ids: [1] }] },
      ];
    case 'tools-1': {
      const part = (name: string, text: string) => ({
        tool_calls: [{ ...CALL, function: { name, arguments: text } }],
      });
      return [{ role: 'assistant', content: '' }, part('weather', '{"city":'), part('', '"MARK-ARGS"}')];
    }
    default:
      return [{ role: 'assistant', content: '' }, { content: 'MARK-ANSWER ' }, { content: 'grüße 🌍' }];
  }
}

const finish = (body: Body): string =>
  body.model === 'tools-1' ? 'tool_calls' : body.model === 'length-1' ? 'length' : 'stop';

const usageOf = (body: Body): Body => (body.model === 'zero-usage' ? ZERO : USAGE);

function chunk(body: Body, delta: Body, more: Body = {}, reason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: reason }];
  return `data: ${JSON.stringify({ ...head(body, 'chat.completion.chunk'), choices, ...more })}\n\n`;
}

const chat: Answer = ({ body, response }) => {
  if (!body.stream) {
    const count = Number(body.n ?? 1);
    const choices = Array.from({ length: count }, (_, index) => ({
      index,
      message: { role: 'assistant', tool_calls: null, ...message(body) },
      finish_reason: finish(body),
    }));
    return json(response, 200, { ...head(body, 'chat.completion'), choices, usage: usageOf(body) });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const usage = body.model === 'no-usage' ? {} : { usage: usageOf(body) };
  const events = [
    ...deltas(body).map((delta) => chunk(body, delta)),
    chunk(body, { content: '' }, usage, finish(body)),
  ];
  const text = `${events.join('')}data: [DONE]\n\n`;
  if (body.model === 'pieces-1') return sendInPieces(response, text);
  for (const event of events) response.write(event);
  response.end('data: [DONE]\n\n');
};

const ENTRY = { created_at: '2026-01-02T03:04:05Z', completed_at: '2026-01-02T03:04:06Z', agent_id: 'ag_1' };

const conversation: Answer = ({ body, response }) => {
  const usage = { ...USAGE, connector_tokens: 2, connectors: { web_search: 1 } };
  if (!body.stream) {
    return json(response, 200, {
      object: 'conversation.response',
      conversation_id: 'conv_1',
      usage,
      outputs: [
        {
          ...ENTRY,
          object: 'entry',
          type: 'tool.execution',
          id: 'tool_1',
          name: 'web_search',
          arguments: '{"query":"MARK-ARGS"}',
        },
        {
          ...ENTRY,
          object: 'entry',
          type: 'message.output',
          id: 'msg_1',
          role: 'assistant',
          model: 'conversation-model-1',
          content: 'MARK-ANSWER',
        },
      ],
    });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const output = {
    created_at: ENTRY.created_at,
    output_index: 0,
    id: 'msg_1',
    model: 'conversation-model-1',
  };
  const call = {
    created_at: ENTRY.created_at,
    output_index: 1,
    id: 'fc_1',
    tool_call_id: 'call_1',
    name: 'weather',
  };
  for (const event of [
    { type: 'conversation.response.started', created_at: ENTRY.created_at, conversation_id: 'conv_1' },
    { type: 'message.output.delta', ...output, content_index: 0, role: 'assistant', content: 'MARK-' },
    { type: 'message.output.delta', ...output, content_index: 0, role: 'assistant', content: 'ANSWER' },
    { type: 'function.call.delta', ...call, arguments: '{"city":' },
    { type: 'function.call.delta', ...call, arguments: '"MARK-ARGS"}' },
    { type: 'conversation.response.done', created_at: ENTRY.created_at, usage },
  ]) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
};

/** A stream that begins; what follows is up to `then`. */
function beginning(then: (response: ServerResponse) => void): Answer {
  return ({ body, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk(body, { role: 'assistant', content: 'MARK-PARTIAL' }), () => then(response));
  };
}

const fail =
  (status: number, text: string): Answer =>
  ({ response }) =>
    json(response, status, { object: 'error', message: `${text} MARK-ERROR`, type: 'bad', code: '1500' });

const TROUBLE: Record<string, (call: Call) => void> = {
  'status-400': fail(400, 'no such thing'),
  'status-422': ({ response }) =>
    json(response, 422, { detail: [{ loc: ['body', 'n'], msg: 'MARK-ERROR', type: 'missing' }] }),
  'status-429': fail(429, 'slow down'),
  'status-500': fail(500, 'sorry'),
  flaky: (call) => (call.attempt % 2 === 1 ? fail(429, 'slow down')(call) : chat(call)),
  'html-error': ({ response }) => html(response),
  'broken-json': ({ response }) => json(response, 200, '{"choices": ['),
  'odd-answer': ({ response }) => json(response, 200, { hello: 'MARK-ANSWER' }),
  // The client gives up first, and closes the connection.
  hang: ({ response }) => hang(response, 20_000),
  'hang-stream': beginning(hang),
  'cut-stream': beginning((response) => response.destroy()),
  'odd-stream': beginning((response) => response.end('data: {"hello":"MARK-ANSWER"}\n\n')),
  'broken-stream': beginning((response) => response.end('data: {"choices": [\n\n')),
};
