import type { ServerResponse } from 'node:http';
import {
  type Answer,
  type Body,
  beginning,
  cutStream,
  hang,
  html,
  json,
  sse,
  startProviderServer,
  stream,
} from './provider-server';
import type { ProviderServer } from './provider-suite';

const HTML_PAGE = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1> MARK-ERROR</body></html>';

/**
 * Cohere on loopback, both versions, and its models on Bedrock and SageMaker, written from the published references.
 * Models whose names say so misbehave.
 */
export function startCohereProvider(): Promise<ProviderServer> {
  return startProviderServer((asked, response) => {
    const model = String(asked.body.model ?? '');
    if (model === 'flaky' && asked.attempt % 2 === 1) return fail(429)(asked, response);
    const [, answer] = Object.entries({ ...TROUBLES, ...ENDPOINTS }).find(
      ([name]) => name === model || name === asked.path,
    ) ?? ['', aws];
    answer(asked, response);
  });
}

const BILLED = { input_tokens: 5, output_tokens: 7 };
const TOKENS = { input_tokens: 68, output_tokens: 9 };
const META = { api_version: { version: '1' }, billed_units: BILLED, tokens: TOKENS };

function usageFor({ model }: Body): Body | undefined {
  if (model === 'no-usage') return undefined;
  const zero = { input_tokens: 0, output_tokens: 0 };
  if (model === 'zero-usage') return { billed_units: zero, tokens: zero };
  return { billed_units: BILLED, tokens: TOKENS, cached_tokens: 4 };
}

// --- chat, version 1 -----------------------------------------------------------------------------------------------

const CALL_V1 = { name: 'weather', parameters: { city: 'MARK-ARGS' } };
const CITATION = { start: 0, end: 4, text: 'MARK-CITED', document_ids: ['d1'] };
const JSON_LINES = 'application/stream+json';

function answerV1(body: Body): Body {
  const usage = usageFor(body);
  return {
    response_id: 'response-1',
    generation_id: 'generation-1',
    text: body.model === 'tools-1' ? '' : 'MARK-ANSWER',
    finish_reason: 'COMPLETE',
    chat_history: [{ role: 'USER', message: 'MARK-HISTORY' }],
    ...(body.model === 'tools-1' && { tool_calls: [CALL_V1] }),
    ...(body.documents ? { citations: [CITATION], documents: [{ id: 'd1', text: 'MARK-DOCUMENT' }] } : {}),
    ...(usage && { meta: usage }),
  };
}

function linesV1(body: Body): string {
  const { finish_reason, ...answer } = answerV1(body);
  const texts = body.model === 'pieces' ? ['MARK-', 'ÄNSWER 日本 🎈'] : ['MARK-', 'ANSWER'];
  const events =
    body.model === 'tools-1'
      ? [
          { event_type: 'tool-calls-chunk', tool_call_delta: { index: 0, name: 'weather' } },
          { event_type: 'tool-calls-chunk', tool_call_delta: { index: 0, parameters: '{"city":' } },
          { event_type: 'tool-calls-chunk', tool_call_delta: { index: 0, parameters: '"MARK-ARGS"}' } },
          { event_type: 'tool-calls-generation', tool_calls: [CALL_V1] },
        ]
      : texts.map((text) => ({ event_type: 'text-generation', text }));
  const all = [
    { event_type: 'stream-start', generation_id: 'generation-1' },
    ...(body.model === 'unknown-events' ? [{ event_type: 'hologram', pixels: 'MARK-PIXELS' }] : []),
    ...events,
    {
      event_type: 'stream-end',
      finish_reason,
      response: { ...answer, ...(answer.text ? { text: texts.join('') } : {}) },
    },
  ];
  return all.map((event) => `${JSON.stringify({ is_finished: false, ...event })}\n`).join('');
}

const chatV1: Answer = ({ body }, response) => {
  if (!body.stream) return json(response, 200, answerV1(body));
  (body.model === 'pieces' ? cutStream : stream)(response, linesV1(body), JSON_LINES);
};

// --- chat, version 2 -----------------------------------------------------------------------------------------------

const CALL = {
  id: 'weather_1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"MARK-ARGS"}' },
};

function answerV2(body: Body): Body {
  const isTool = body.model === 'tools-1';
  const content = [
    { type: 'thinking', thinking: 'MARK-REASONING' },
    ...(body.model === 'unknown-events' ? [{ type: 'hologram', pixels: 'MARK-PIXELS' }] : []),
    { type: 'text', text: 'MARK-ANSWER' },
  ];
  const usage = usageFor(body);
  return {
    id: 'chat-1',
    finish_reason: isTool ? 'TOOL_CALL' : 'COMPLETE',
    message: isTool
      ? { role: 'assistant', tool_plan: 'MARK-PLAN', tool_calls: [CALL] }
      : { role: 'assistant', content, ...(body.documents ? { citations: [CITATION] } : {}) },
    ...(usage && { usage }),
  };
}

function eventsV2(body: Body): string {
  const event = (type: string, more: Body) => sse({ type, ...more }, type);
  const content = (index: number, type: string, more: Body) =>
    event(type, { index, delta: { message: { content: more } } });
  const toolCall = (type: string, tool_calls: Body) =>
    event(type, { index: 0, delta: { message: { tool_calls }, tool_call: tool_calls } });
  const last = body.model === 'pieces' ? 'ÄNSWER 日本 🎈' : 'ANSWER';
  const usage = usageFor(body);
  return [
    event('message-start', { id: 'chat-1', delta: { message: { role: 'assistant', content: [] } } }),
    ...(body.model === 'unknown-events' ? [event('hologram', { pixels: 'MARK-PIXELS' })] : []),
    ...(body.model === 'tools-1'
      ? [
          event('tool-plan-delta', {
            delta: { message: { tool_plan: 'MARK-PLAN' }, tool_plan: 'MARK-PLAN' },
          }),
          toolCall('tool-call-start', { ...CALL, function: { name: 'weather', arguments: '' } }),
          toolCall('tool-call-delta', { function: { arguments: '{"city":' } }),
          toolCall('tool-call-delta', { function: { arguments: '"MARK-ARGS"}' } }),
          event('tool-call-end', { index: 0 }),
        ]
      : [
          content(0, 'content-start', { type: 'thinking', thinking: '' }),
          content(0, 'content-delta', { thinking: 'MARK-REASONING' }),
          event('content-end', { index: 0 }),
          content(1, 'content-start', { type: 'text', text: '' }),
          content(1, 'content-delta', { text: 'MARK-' }),
          content(1, 'content-delta', { text: last }),
          ...(body.documents
            ? [
                event('citation-start', { index: 0, delta: { message: { citations: CITATION } } }),
                event('citation-end', { index: 0 }),
              ]
            : []),
          event('content-end', { index: 1 }),
        ]),
    event('message-end', { delta: { finish_reason: answerV2(body).finish_reason, ...(usage && { usage }) } }),
    sse('[DONE]'),
  ].join('');
}

const chatV2: Answer = ({ body }, response) => {
  if (!body.stream) return json(response, 200, answerV2(body));
  (body.model === 'pieces' ? cutStream : stream)(response, eventsV2(body));
};

// --- the other endpoints -------------------------------------------------------------------------------------------

const VECTOR = [0.5, 0.25, -1];

function embeddingsFor(body: Body): unknown {
  const inputs = [body.texts, body.inputs].find(Array.isArray) ?? [];
  const types = body.embedding_types as string[] | undefined;
  if (!types) return inputs.map(() => VECTOR);
  return Object.fromEntries(types.map((type) => [type, inputs.map(() => VECTOR)]));
}

const embed: Answer = ({ body }, response) =>
  json(response, 200, {
    id: 'embed-1',
    response_type: body.embedding_types ? 'embeddings_by_type' : 'embeddings_floats',
    texts: body.texts ?? [],
    embeddings: embeddingsFor(body),
    meta: { api_version: { version: '1' }, billed_units: { input_tokens: 3, images: 0 } },
  });

const rerank: Answer = ({ body }, response) =>
  json(response, 200, {
    id: 'rerank-1',
    results: [
      {
        index: 1,
        relevance_score: 0.9,
        ...(body.return_documents === true && { document: { text: 'MARK-DOCUMENT 1' } }),
      },
      { index: 0, relevance_score: 0 },
    ].slice(0, Number(body.top_n ?? 2)),
    meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
  });

const generate: Answer = ({ body }, response) => {
  const generations = [{ id: 'generation-1', text: 'MARK-ANSWER', index: 0, finish_reason: 'MAX_TOKENS' }];
  if (!body.stream) return json(response, 200, { id: 'generate-1', generations, meta: META });
  const events = [
    { event_type: 'text-generation', text: 'MARK-', index: 0, is_finished: false },
    { event_type: 'text-generation', text: 'ANSWER', index: 0, is_finished: false },
    {
      event_type: 'stream-end',
      is_finished: true,
      finish_reason: 'MAX_TOKENS',
      response: { id: 'generate-1', generations },
    },
  ];
  stream(response, events.map((event) => `${JSON.stringify(event)}\n`).join(''), JSON_LINES);
};

const summarize: Answer = (_asked, response) =>
  json(response, 200, { id: 'summary-1', summary: 'MARK-ANSWER', meta: META });

const classify: Answer = ({ body }, response) =>
  json(response, 200, {
    id: 'classify-1',
    classifications: (body.inputs as string[]).map((input, index) => ({
      id: `c${index}`,
      input,
      classification_type: 'single-label',
      prediction: 'MARK-LABEL',
      predictions: ['MARK-LABEL'],
      confidence: 0.75,
      confidences: [0.75],
      labels: { 'MARK-LABEL': { confidence: 0.75 } },
    })),
    meta: { billed_units: { classifications: 1 } },
  });

const parse: Answer = (_asked, response) =>
  json(response, 200, {
    id: 'parse-1',
    pages: [
      { type: 'markdown', index: 0, markdown: { content: 'MARK-ANSWER' } },
      { type: 'blocks', index: 1, blocks: [{ type: 'text', text: { content: 'MARK-BLOCK' } }] },
    ],
    meta: { billed_units: { images: 1 } },
  });

const ENDPOINTS: Record<string, Answer> = {
  '/v1/chat': chatV1,
  '/v2/chat': chatV2,
  '/v1/embed': embed,
  '/v2/embed': embed,
  '/v1/rerank': rerank,
  '/v2/rerank': rerank,
  '/v1/generate': generate,
  '/v1/summarize': summarize,
  '/v1/classify': classify,
  '/v2/parse': parse,
  '/v2/audio/transcriptions': (_asked, response) => json(response, 200, { text: 'MARK-ANSWER heard' }),
};

/** Bedrock and SageMaker have the model in the path, and streams in frames, of which the SDK reads the text alone. */
const aws: Answer = (asked, response) => {
  const { body, path } = asked;
  if (path.includes('status-400')) return fail(400)(asked, response);
  if (!path.endsWith('-stream')) {
    const answer = body.query ? rerank : body.texts ? embed : body.messages ? chatV2 : chatV1;
    return answer(asked, response);
  }
  const frames = linesV1(body)
    .trimEnd()
    .split('\n')
    .map((line) => `chunk{"bytes":"${Buffer.from(line).toString('base64')}"}\n`);
  stream(response, frames.join(''), 'application/vnd.amazon.eventstream');
};

function fail(status: number): Answer {
  return ({ body }, response) =>
    json(response, status, { message: `no such thing MARK-ERROR ${String(body.model)}` });
}

function streamOf({ path }: { path: string }): { first: string; type: string; error: string } {
  if (path === '/v1/chat') {
    const line = (event: Body) => `${JSON.stringify(event)}\n`;
    return {
      type: JSON_LINES,
      first: line({ event_type: 'text-generation', text: 'MARK-PARTIAL' }),
      error: line({ event_type: 'stream-end', finish_reason: 'ERROR', response: { text: 'MARK-PARTIAL' } }),
    };
  }
  const type = 'content-delta';
  const delta = { message: { content: { type: 'text', text: 'MARK-PARTIAL' } } };
  const end = { type: 'message-end', delta: { finish_reason: 'ERROR', error: 'MARK-ERROR' } };
  return {
    type: 'text/event-stream',
    first: sse({ type, index: 0, delta }, type),
    error: sse(end, 'message-end'),
  };
}

const broken =
  (then: (response: ServerResponse) => void): Answer =>
  (asked, response) => {
    const { first, type } = streamOf(asked);
    beginning(response, first, () => then(response), type);
  };

const TROUBLES: Record<string, Answer> = {
  'status-400': fail(400),
  'status-418': fail(418),
  'status-429': fail(429),
  'status-500': fail(500),
  'html-page': (_asked, response) => html(response, 502, HTML_PAGE),
  'broken-json': (_asked, response) => json(response, 200, '{"text": ['),
  'hang-stream': broken(hang),
  'cut-stream': broken((response) => response.destroy()),
  'error-stream': (asked, response) => {
    const { first, type, error } = streamOf(asked);
    stream(response, first + error, type);
  },
};
