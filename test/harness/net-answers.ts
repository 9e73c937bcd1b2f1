export type Body = Record<string, unknown>;

/** One of four: a whole JSON answer, the events of a stream, the lines of one, or messages of AWS: type and payload. */
export interface Answers {
  whole?: unknown;
  events?: unknown[];
  lines?: unknown[];
  messages?: [type: string, payload: unknown][];
}

const TEXT = ['MARK-ANSWER ', 'café ', '日本'];

/** What each API answers, after its published reference. */
export function answersOf(url: string, body: Body): Answers {
  const { pathname, search } = new URL(url, 'http://x');
  const api = APIS.find(([path]) => path.test(pathname));
  return api ? api[1](body, pathname + search) : { whole: { path: pathname } };
}

const APIS: [RegExp, (body: Body, url: string) => Answers][] = [
  [/\/chat\/completions$/, chat],
  [/\/v1\/responses$/, responses],
  [/\/v1\/completions$/, completions],
  [/\/v1\/embeddings$/, embeddings],
  [/\/v1\/messages$/, messages],
  [/:(streamG|g)enerateContent$/, gemini],
  [/:embedContent$/, () => ({ whole: { embedding: { values: [0.1, 0.2, 0.3] } } })],
  [/\/v2\/chat$/, cohere],
  [/\/v1\/chat$/, cohereV1],
  [/\/v2\/embed$/, cohereEmbed],
  [/\/v2\/rerank$/, cohereRerank],
  [/\/api\/chat$/, ollama],
  [/\/api\/generate$/, ollama],
  [/\/api\/embed$/, () => ({ whole: { model: 'm', embeddings: [[0.1, 0.2]], prompt_eval_count: 4 } })],
  [/\/complete$/, alephAlpha],
  [
    /\/semantic_embed$/,
    () => ({ whole: { model_version: 'v1', embedding: [1, 2, 3, 4], num_tokens_prompt_total: 6 } }),
  ],
  [/\/converse(-stream)?$/, converse],
  [/\/invoke$/, (body) => messages({ ...body, stream: false })],
  [/\/invoke-with-response-stream$/, invokeStream],
  [/\/indexes\/[^/]+\/search$/, marqo],
  [/\/indexes\/[^/]+\/documents$/, () => ({ whole: { errors: false, items: [{ _id: '1' }, { _id: '2' }] } })],
  [/\/rag\/run$/, () => ({ whole: { result: 'MARK-RESULT' } })],
  [/\/pipelines\/qa\/search$/, deepset],
  [/\/pipelines\/qa\/chat-stream$/, deepsetStream],
  [/\/kickoff$/, () => ({ whole: { kickoff_id: 'k-1' } })],
  [
    /\/status\//,
    () => ({
      whole: {
        status: 'completed',
        execution_time: 1.5,
        result: { output: 'MARK-OUTPUT', tasks: [{ task_id: 't', agent: 'a', output: 'MARK-TASK' }] },
      },
    }),
  ],
];

function usageOf({ model }: Body, usage: Body): Body | undefined {
  if (model === 'no-usage') return undefined;
  if (model === 'usage-zero') return Object.fromEntries(Object.keys(usage).map((name) => [name, 0]));
  return usage;
}

function chat(body: Body): Answers {
  const usage = usageOf(body, { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 });
  const head = { id: 'chatcmpl-1', model: 'm-2026', system_fingerprint: 'fp' };
  if (!body.stream) {
    const content =
      body.model === 'unknown-part' ? [{ type: 'hologram', shown: 'MARK-HOLOGRAM' }] : TEXT.join('');
    const message = { role: 'assistant', content };
    return { whole: { ...head, choices: [{ index: 0, message, finish_reason: 'stop' }], usage } };
  }
  const pieces = body.model === 'long' ? Array.from({ length: 4000 }, () => 'MARK-LONG '.repeat(30)) : TEXT;
  const chunk = (delta: Body, finish_reason: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const events: unknown[] = [
    chunk({ role: 'assistant', content: '' }),
    ...pieces.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    ...(usage ? [{ ...head, choices: [], usage }] : []),
  ];
  if (body.model === 'error-inside') {
    events.splice(2, Number.POSITIVE_INFINITY, { error: { message: 'MARK-ERROR', type: 'server_error' } });
  }
  return { events };
}

function responses(body: Body): Answers {
  const long = body.model === 'long' ? 'MARK-LONG '.repeat(450_000) : undefined;
  const text = long ?? TEXT.join('');
  const message = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
  const usage = { input_tokens: 11, output_tokens: 7, output_tokens_details: { reasoning_tokens: 2 } };
  const whole = { id: 'resp_1', model: 'm-2026', status: 'completed', output: [message], usage, error: null };
  if (!body.stream) return { whole };
  return {
    events: [
      { type: 'response.created', response: { ...whole, output: [], usage: null, status: 'in_progress' } },
      ...TEXT.map((delta) => ({ type: 'response.output_text.delta', output_index: 0, delta })),
      { type: 'response.completed', response: whole },
    ],
  };
}

function completions(body: Body): Answers {
  const usage = usageOf(body, { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
  const head = { id: 'cmpl-1', model: 'm-2026' };
  const choice = (text: string, finish_reason: string | null) => ({ index: 0, text, finish_reason });
  if (!body.stream) return { whole: { ...head, choices: [choice(TEXT.join(''), 'length')], usage } };
  return {
    events: [
      ...TEXT.map((text) => ({ ...head, choices: [choice(text, null)] })),
      { ...head, choices: [choice('', 'length')], usage },
    ],
  };
}

function embeddings({ model }: Body): Answers {
  const [count, size] = model === 'large' ? [500, 1024] : [2, 3];
  const data = Array.from({ length: count }, (_, index) => ({
    index,
    embedding: Array.from({ length: size }, (_, at) => Math.sin(at + index)),
  }));
  return { whole: { object: 'list', data, model: 'm-2026', usage: { prompt_tokens: 8, total_tokens: 8 } } };
}

function messages(body: Body): Answers {
  const content = [
    { type: 'text', text: TEXT.join('') },
    { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'MARK-CITY' } },
  ];
  const head = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm-2026' };
  const usage = { input_tokens: 5, cache_read_input_tokens: 4, output_tokens: 6 };
  if (!body.stream) return { whole: { ...head, content, stop_reason: 'tool_use', usage } };
  const start = (index: number, content_block: unknown) => ({
    type: 'content_block_start',
    index,
    content_block,
  });
  const delta = (index: number, change: unknown) => ({ type: 'content_block_delta', index, delta: change });
  const unknown = body.model === 'unknown-part';
  return {
    events: [
      {
        type: 'message_start',
        message: { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
      },
      start(0, { type: 'text', text: '' }),
      { type: 'ping' },
      ...TEXT.map((text) => delta(0, { type: 'text_delta', text })),
      ...(unknown
        ? [start(1, { type: 'hologram' }), delta(1, { type: 'hologram_delta', shown: 'MARK-HOLOGRAM' })]
        : []),
      start(2, { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} }),
      delta(2, { type: 'input_json_delta', partial_json: '{"city":' }),
      delta(2, { type: 'input_json_delta', partial_json: '"MARK-CITY"}' }),
      { type: 'content_block_stop', index: 2 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 6 } },
      { type: 'message_stop' },
    ],
  };
}

function gemini(_body: Body, url: string): Answers {
  const head = { modelVersion: 'gemini-x-001', responseId: 'r-1' };
  const usageMetadata = {
    promptTokenCount: 4,
    candidatesTokenCount: 5,
    totalTokenCount: 12,
    thoughtsTokenCount: 3,
  };
  const candidate = (text: string, finishReason?: string) => ({
    content: { role: 'model', parts: [{ text }] },
    finishReason,
  });
  if (!url.includes('stream'))
    return { whole: { ...head, candidates: [candidate(TEXT.join(''), 'STOP')], usageMetadata } };
  const chunks = TEXT.map((text, at) => ({
    ...head,
    candidates: [candidate(text, at === 2 ? 'STOP' : undefined)],
    ...(at === 2 && { usageMetadata }),
  }));
  return url.includes('alt=sse') ? { events: chunks } : { whole: chunks };
}

const COHERE_USAGE = {
  billed_units: { input_tokens: 3, output_tokens: 4 },
  tokens: { input_tokens: 13, output_tokens: 4 },
};

function cohere({ stream }: Body): Answers {
  const content = [{ type: 'text', text: TEXT.join('') }];
  if (!stream) {
    return {
      whole: {
        id: 'c-1',
        message: { role: 'assistant', content },
        finish_reason: 'COMPLETE',
        usage: COHERE_USAGE,
      },
    };
  }
  return {
    events: [
      { type: 'message-start', id: 'c-1', delta: { message: { role: 'assistant' } } },
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
      ...TEXT.map((text) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text } } } })),
      { type: 'content-end', index: 0 },
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: COHERE_USAGE } },
    ],
  };
}

function cohereV1({ stream }: Body): Answers {
  const response = {
    response_id: 'r-1',
    generation_id: 'g-1',
    text: TEXT.join(''),
    finish_reason: 'COMPLETE',
    meta: COHERE_USAGE,
  };
  if (!stream) return { whole: response };
  return {
    lines: [
      { event_type: 'stream-start', generation_id: 'g-1', is_finished: false },
      ...TEXT.map((text) => ({ event_type: 'text-generation', text, is_finished: false })),
      { event_type: 'stream-end', response, finish_reason: 'COMPLETE', is_finished: true },
    ],
  };
}

function cohereEmbed(): Answers {
  return {
    whole: {
      id: 'e-1',
      embeddings: { float: [[0.1, 0.2, 0.3]] },
      meta: { billed_units: { input_tokens: 2 } },
    },
  };
}

function cohereRerank(): Answers {
  return {
    whole: {
      id: 'k-1',
      results: [{ index: 1, relevance_score: 0.9 }],
      meta: { billed_units: { search_units: 1 } },
    },
  };
}

function ollama({ stream, messages }: Body): Answers {
  const said = (text: string) =>
    messages ? { message: { role: 'assistant', content: text } } : { response: text };
  const end = { done: true, done_reason: 'stop', prompt_eval_count: 9, eval_count: 3 };
  if (stream === false) return { whole: { model: 'm', ...said(TEXT.join('')), ...end } };
  return {
    lines: [
      ...TEXT.map((text) => ({ model: 'm', ...said(text), done: false })),
      { model: 'm', ...said(''), ...end },
    ],
  };
}

function alephAlpha({ stream }: Body): Answers {
  const counts = { num_tokens_prompt_total: 4, num_tokens_generated: 5 };
  if (!stream) {
    return {
      whole: {
        model_version: 'v1',
        completions: [{ completion: TEXT.join(''), finish_reason: 'maximum_tokens' }],
        ...counts,
      },
    };
  }
  return {
    events: [
      ...TEXT.map((completion) => ({ type: 'stream_chunk', index: 0, completion })),
      { type: 'stream_summary', index: 0, model_version: 'v1', finish_reason: 'maximum_tokens' },
      { type: 'completion_summary', ...counts },
    ],
  };
}

function marqo({ q }: Body): Answers {
  const hits = [
    { _id: 'doc-1', _score: 0.9, title: 'MARK-1' },
    { _id: 'doc-2', _score: 0.5, title: 'MARK-2' },
  ];
  return { whole: { hits, query: q, limit: 2, offset: 0, processingTimeMs: 1 } };
}

function deepset({ queries }: Body): Answers {
  const found = {
    answers: [{ answer: 'MARK-FOUND', score: 0.8 }],
    documents: [{ id: 'd', score: 0.7, content: 'MARK-DOC' }],
  };
  return { whole: { query_id: 'q-1', results: [{ query: (queries as string[])[0], ...found }] } };
}

function deepsetStream(): Answers {
  return {
    events: [
      ...TEXT.map((text) => ({ query_id: 'q-2', type: 'delta', delta: { text } })),
      { query_id: 'q-2', type: 'result', result: { answers: [{ answer: TEXT.join('') }] } },
    ],
  };
}

function converse(_body: Body, url: string): Answers {
  const usage = { inputTokens: 4, outputTokens: 5, totalTokens: 9 };
  if (!url.endsWith('stream')) {
    const message = { role: 'assistant', content: [{ text: TEXT.join('') }] };
    return { whole: { output: { message }, stopReason: 'end_turn', usage } };
  }
  return {
    messages: [
      ['messageStart', { role: 'assistant' }],
      ...TEXT.map((text): [string, unknown] => [
        'contentBlockDelta',
        { contentBlockIndex: 0, delta: { text } },
      ]),
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['messageStop', { stopReason: 'end_turn' }],
      ['metadata', { usage, metrics: { latencyMs: 1 } }],
    ],
  };
}

function invokeStream(body: Body): Answers {
  const { events = [] } = messages({ ...body, stream: true });
  const encoded = events.map((event) => Buffer.from(JSON.stringify(event)).toString('base64'));
  return { messages: encoded.map((bytes) => ['chunk', { bytes }]) };
}
