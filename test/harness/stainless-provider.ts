import type { ServerResponse } from 'node:http';
import {
  type Answer,
  type Body,
  beginning,
  type Call,
  cutStream,
  hang,
  html,
  json,
  sse,
  startProviderServer,
  stream,
} from './provider-server';
import type { ProviderServer } from './provider-suite';

/** What Groq and Together do in ways of their own. */
export interface Dialect {
  usage: Body;
  head: Body;
  /** Fields of the last chunk of a stream. */
  lastChunk(usage: Body): Body;
  /** The message's reasoning, under the provider's name for it. */
  reasoning: string;
  /** Endpoints besides chat. */
  endpoints: Record<string, Answer>;
}

/**
 * A provider that speaks OpenAI's API under `dialect`, written from the published references. Models whose names say
 * so misbehave.
 */
export function startStainlessProvider(dialect: Dialect): Promise<ProviderServer> {
  return startProviderServer((asked, response) => {
    response.setHeader('x-request-id', 'req_1');
    const model = String(asked.body.model ?? '');
    if (model === 'flaky' && asked.attempt % 2 === 1) return fail(429)(asked, response);
    const trouble = TROUBLES[model];
    if (trouble) return trouble(asked, response);
    const isChat = asked.path.endsWith('/chat/completions');
    const endpoint = Object.entries(dialect.endpoints).find(([path]) => asked.path.endsWith(path));
    if (endpoint && !isChat) return endpoint[1](asked, response);
    (asked.body.stream ? streamedChat : chat)(dialect, asked, response);
  });
}

/** Longer than what others answer with. */
const HTML_PAGE = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1> MARK-ERROR</body></html>';

const WEATHER = { name: 'weather', arguments: '{"city":"MARK-ARGS"}' };

function chat(dialect: Dialect, { body }: Call, response: ServerResponse): void {
  const isTool = asksForTool(body);
  const choices = Array.from({ length: Number(body.n ?? 1) }, (_, index) => ({
    index,
    message: isTool
      ? {
          role: 'assistant',
          content: null,
          tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: WEATHER }],
        }
      : {
          role: 'assistant',
          content: `MARK-ANSWER ${index}`,
          [dialect.reasoning]: 'MARK-REASONING',
          ...(body.model === 'compound-1' && { executed_tools: [SEARCH] }),
        },
    logprobs: null,
    finish_reason: isTool ? 'tool_calls' : 'stop',
  }));
  const usage = usageFor(dialect, body);
  json(response, 200, { ...head(dialect, body, 'chat.completion'), choices, ...(usage && { usage }) });
}

/** Runs of tools go on until there is a result. */
function asksForTool(body: Body): boolean {
  const messages = (body.messages ?? []) as Body[];
  return (
    body.model === 'tools-1' || (body.model === 'loop-1' && !messages.some(({ role }) => role === 'tool'))
  );
}

function usageFor(dialect: Dialect, body: Body): Body | undefined {
  if (body.model === 'no-usage') return undefined;
  if (body.model === 'zero-usage') return { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  return dialect.usage;
}

function head(dialect: Dialect, body: Body, object: string): Body {
  const model = `${String(body.model)}-2026-01-01`;
  return { id: 'chatcmpl-1', object, created: 1_700_000_000, model, ...dialect.head };
}

const SEARCH = {
  index: 0,
  type: 'search',
  arguments: '{"query":"MARK-ARGS"}',
  output: 'MARK-RESULT',
};

function deltasOf(dialect: Dialect, body: Body): Body[] {
  if (asksForTool(body)) {
    const call = (more: Body) => ({ tool_calls: [{ index: 0, ...more }] });
    return [
      { role: 'assistant', content: null },
      call({ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }),
      call({ function: { arguments: '{"city":' } }),
      call({ function: { arguments: '"MARK-ARGS"}' } }),
    ];
  }
  const { output, ...started } = SEARCH;
  return [
    { role: 'assistant', content: '' },
    { [dialect.reasoning]: 'MARK-REASONING' },
    ...(body.model === 'compound-1'
      ? [{ executed_tools: [started] }, { executed_tools: [{ ...SEARCH, output }] }]
      : []),
    ...(body.model === 'unknown-deltas'
      ? [{ hologram: { pixels: 'MARK-PIXELS' } }, 7 as unknown as Body]
      : []),
    { content: 'MARK-' },
    { content: body.model === 'pieces-of-characters' ? 'ÄNSWER 日本 🎈' : 'ANSWER' },
  ];
}

function streamedChat(dialect: Dialect, { body }: Call, response: ServerResponse): void {
  const chunk = (choice: Body, more: Body = {}) =>
    sse({
      ...head(dialect, body, 'chat.completion.chunk'),
      choices: [{ index: 0, finish_reason: null, ...choice }],
      ...more,
    });
  const usage = usageFor(dialect, body);
  const last = usage ? dialect.lastChunk(usage) : {};
  const text = [
    ...deltasOf(dialect, body).map((delta) => chunk({ delta })),
    chunk({ delta: {}, finish_reason: asksForTool(body) ? 'tool_calls' : 'stop' }, last),
    sse('[DONE]'),
  ].join('');
  (String(body.model).startsWith('pieces') ? cutStream : stream)(response, text);
}

function fail(status: number): Answer {
  return ({ body }, response) => {
    const message = `no such thing MARK-ERROR ${String(body.model)}`;
    json(response, status, { error: { message, type: 'bad', code: 'code_1' } }, { 'retry-after-ms': '5' });
  };
}

const FIRST = [{ role: 'assistant', content: 'MARK-PARTIAL' }]
  .map((delta) =>
    sse({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'm',
      choices: [{ index: 0, finish_reason: null, delta }],
    }),
  )
  .join('');

const TROUBLES: Record<string, Answer> = {
  'status-400': fail(400),
  'status-429': fail(429),
  'status-500': fail(500),
  'html-page': (_asked, response) => html(response, 502, HTML_PAGE),
  'broken-json': (_asked, response) => json(response, 200, '{"choices": ['),
  // Some SDKs hand out an event when something comes after it.
  'hang-stream': (_asked, response) => beginning(response, `${FIRST}: waiting\n\n`, () => hang(response)),
  'cut-stream': (_asked, response) => beginning(response, FIRST, () => response.destroy()),
  'error-stream': (_asked, response) =>
    stream(response, FIRST + sse({ error: { message: 'MARK-ERROR', type: 'server_error' } })),
};

// --- the other endpoints, as far as both have them ---------------------------------------------------------------

const VECTOR = [0.5, 0.25, -1];

export const embeddings =
  (usage?: Body): Answer =>
  ({ body }, response) => {
    const data = [body.input].flat().map((_, index) => ({ object: 'embedding', index, embedding: VECTOR }));
    json(response, 200, {
      object: 'list',
      model: `${String(body.model)}-2026-01-01`,
      data,
      ...(usage && { usage }),
    });
  };

export const speech: Answer = ({ body }, response) => {
  if (body.stream) {
    const pieces = ['AAAA', 'BBBB'].map((b64) => sse({ object: 'audio.tts.chunk', model: body.model, b64 }));
    return stream(response, `${pieces.join('')}${sse('[DONE]')}`);
  }
  response.writeHead(200, { 'content-type': 'audio/wav' });
  response.end('RIFF-not-really-audio');
};

export const transcription: Answer = (_asked, response) => json(response, 200, { text: 'MARK-ANSWER heard' });

/** V8 names a function after the field it is called through, which a stand-in hides. */
export const stainlessStackLine = (line: string): string =>
  line.replace(/ \[as (parseResponse|iterator|_thenUnwrap)\]/, '');
