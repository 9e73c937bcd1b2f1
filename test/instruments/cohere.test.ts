import { describe, expect, it } from 'vitest';
import { requestAttributes, responseAttributes } from '../../src/instruments/genai/to-attributes';
import type { WireOperation } from '../../src/instruments/genai/types';
import { chat } from '../../src/instruments/shapes/cohere/chat';
import { chatV1 } from '../../src/instruments/shapes/cohere/chat-v1';
import { classify } from '../../src/instruments/shapes/cohere/classify';
import { embed } from '../../src/instruments/shapes/cohere/embed';
import { generate, summarize } from '../../src/instruments/shapes/cohere/generate';
import { rerank } from '../../src/instruments/shapes/cohere/rerank';
import { usageOf } from '../../src/instruments/shapes/cohere/usage';

const sender = { baseURL: 'https://api.cohere.com' };
const server = { serverAddress: 'api.cohere.com', serverPort: 443, provider: 'cohere' };

const accumulated = (operation: WireOperation, chunks: unknown[]) => {
  const accumulator = operation.accumulator!();
  for (const chunk of chunks) accumulator.add(chunk);
  return accumulator.response();
};

const assistant = (parts: unknown[], finish_reason?: string) => ({
  role: 'assistant',
  parts,
  ...(finish_reason && { finish_reason }),
});

describe('chat, version 2', () => {
  it('reads a request', () => {
    const request = chat.request(
      {
        model: 'command-a-03-2025',
        stream: true,
        messages: [
          { role: 'system', content: 'be kind' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'hi' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
              { type: 'hologram', data: 1 },
            ],
          },
          {
            role: 'assistant',
            tool_plan: 'I will look',
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
            ],
          },
          {
            role: 'tool',
            tool_call_id: 'c1',
            content: [{ type: 'document', document: { id: 'd', data: { t: 20 } } }],
          },
        ],
        documents: ['plain', { id: 'd1', data: { title: 'T', text: 'x' } }, { data: { text: 'only text' } }],
        tools: [
          {
            type: 'function',
            function: { name: 'weather', description: 'of a city', parameters: { type: 'object' } },
          },
        ],
        max_tokens: 9,
        temperature: 0,
        p: 0.5,
        k: 3,
        seed: 1,
        stop_sequences: ['END'],
        frequency_penalty: 0.1,
        presence_penalty: 0.2,
        response_format: { type: 'json_object' },
        thinking: { type: 'enabled', token_budget: 100 },
      },
      sender,
    );
    expect(request).toEqual({
      ...server,
      operation: 'chat',
      model: 'command-a-03-2025',
      stream: true,
      maxTokens: 9,
      temperature: 0,
      topP: 0.5,
      topK: 3,
      seed: 1,
      stopSequences: ['END'],
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      outputType: 'json',
      thinkingBudget: 100,
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'document', content: 'plain' },
            { type: 'document', id: 'd1', content: { title: 'T', text: 'x' } },
            { type: 'document', content: 'only text' },
          ],
        },
        { role: 'system', parts: [{ type: 'text', content: 'be kind' }] },
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'hi' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 },
            { type: 'hologram', data: 1 },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'I will look' },
            { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } },
          ],
        },
        {
          role: 'tool',
          parts: [
            {
              type: 'tool_call_response',
              id: 'c1',
              response: [{ type: 'document', id: 'd', content: { t: 20 } }],
            },
          ],
        },
      ],
      tools: [
        { type: 'function', name: 'weather', description: 'of a city', parameters: { type: 'object' } },
      ],
    });
  });

  it('reads the same from what the SDK calls it', () => {
    const request = chat.request(
      {
        model: 'm',
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', imageUrl: { url: 'https://x.test/a.png' } }],
          },
          {
            role: 'assistant',
            toolPlan: 'plan',
            toolCalls: [{ id: 'c1', function: { name: 'f', arguments: '{' } }],
          },
          { role: 'tool', toolCallId: 'c1', content: 'sunny' },
        ],
        maxTokens: 9,
        stopSequences: ['END'],
        responseFormat: { type: 'text' },
        thinking: { type: 'enabled', tokenBudget: 0 },
      },
      sender,
    );
    expect(request).toMatchObject({
      maxTokens: 9,
      stopSequences: ['END'],
      outputType: 'text',
      thinkingBudget: 0,
      messages: [
        { role: 'user', parts: [{ type: 'uri', modality: 'image', uri: 'https://x.test/a.png' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'plan' },
            { type: 'tool_call', id: 'c1', name: 'f', arguments: '{' },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
      ],
    });
  });

  it('reads an answer', () => {
    const answer = {
      id: 'r1',
      finish_reason: 'COMPLETE',
      message: {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: 'hello' },
        ],
        citations: [{ start: 0, end: 2, text: 'he' }],
      },
      usage: {
        billed_units: { input_tokens: 5, output_tokens: 0 },
        tokens: { input_tokens: 70, output_tokens: 2 },
      },
    };
    expect(chat.response(answer)).toMatchObject({
      id: 'r1',
      finishReasons: ['COMPLETE'],
      messages: [
        assistant(
          [
            { type: 'reasoning', content: 'hm' },
            { type: 'text', content: 'hello', citations: [{ start: 0, end: 2, text: 'he' }] },
          ],
          'COMPLETE',
        ),
      ],
      usage: { input: 5, output: 0 },
    });
  });

  const start = { type: 'message-start', id: 'r1', delta: { message: { role: 'assistant', content: [] } } };
  const content = (index: number, type: string, more: object) => ({
    type,
    index,
    delta: { message: { content: more } },
  });

  it('puts a stream together', () => {
    const response = accumulated(chat, [
      start,
      content(0, 'content-start', { type: 'thinking', thinking: '' }),
      content(0, 'content-delta', { thinking: 'h' }),
      content(0, 'content-delta', { thinking: 'm' }),
      { type: 'content-end', index: 0 },
      content(1, 'content-start', { type: 'text', text: '' }),
      content(1, 'content-delta', { text: 'hel' }),
      content(1, 'content-delta', { text: 'lo' }),
      { type: 'citation-start', index: 0, delta: { message: { citations: { text: 'he' } } } },
      { type: 'a-new-kind', delta: { message: 7 } },
      {
        type: 'message-end',
        delta: { finish_reason: 'COMPLETE', usage: { billed_units: { input_tokens: 3, output_tokens: 2 } } },
      },
    ]);
    expect(response).toMatchObject({
      id: 'r1',
      finishReasons: ['COMPLETE'],
      usage: { input: 3, output: 2 },
      messages: [
        assistant(
          [
            { type: 'reasoning', content: 'hm' },
            { type: 'text', content: 'hello', citations: [{ text: 'he' }] },
          ],
          'COMPLETE',
        ),
      ],
    });
  });

  it.each([
    ['as released', (call: object) => ({ message: { tool_calls: call } })],
    ['as the SDK has it', (call: object) => ({ message: { toolCalls: call } })],
    ['as older SDKs have it', (call: object) => ({ toolCall: call })],
  ])('puts tool calls together, %s', (_name, delta) => {
    const response = accumulated(chat, [
      start,
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I will ' } } },
      { type: 'tool-plan-delta', delta: { message: { toolPlan: 'look' } } },
      {
        type: 'tool-call-start',
        index: 0,
        delta: delta({ id: 'c1', type: 'function', function: { name: 'weather', arguments: '' } }),
      },
      { type: 'tool-call-delta', index: 0, delta: delta({ function: { arguments: '{"city":' } }) },
      { type: 'tool-call-delta', index: 0, delta: delta({ function: { arguments: '"Rome"}' } }) },
      {
        type: 'tool-call-start',
        index: 1,
        delta: delta({ id: 'c2', function: { name: 'time', arguments: '{' } }),
      },
      { type: 'message-end', delta: { finishReason: 'TOOL_CALL' } },
    ]);
    expect(response).toMatchObject({
      finishReasons: ['TOOL_CALL'],
      messages: [
        assistant(
          [
            { type: 'reasoning', content: 'I will look' },
            { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } },
            { type: 'tool_call', id: 'c2', name: 'time', arguments: '{' },
          ],
          'TOOL_CALL',
        ),
      ],
    });
    expect(response.usage).toBeUndefined();
  });

  it('says what had come when a stream ends early', () => {
    expect(accumulated(chat, [])).toEqual({ id: undefined, finishReasons: [], messages: [] });
    expect(accumulated(chat, [start])).toEqual({ id: 'r1', finishReasons: [], messages: [] });
    expect(accumulated(chat, [start, content(0, 'content-delta', { text: 'par' })])).toEqual({
      id: 'r1',
      finishReasons: [],
      messages: [assistant([{ type: 'text', content: 'par' }])],
    });
  });

  it('keeps the error a stream ends with', () => {
    const end = { type: 'message-end', delta: { finish_reason: 'ERROR', error: 'overloaded' } };
    expect(accumulated(chat, [start, end]).messages).toEqual([
      assistant([{ type: 'error', content: 'overloaded' }], 'ERROR'),
    ]);
  });
});

describe('chat, version 1', () => {
  const call = { name: 'weather', parameters: { city: 'Rome' } };

  it.each([
    ['the HTTP API', (name: string) => name],
    ['the SDK', (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())],
  ])('reads a request of %s', (_name, spell) => {
    const request = chatV1.request(
      {
        model: 'command-r',
        message: 'and now?',
        preamble: 'be kind',
        [spell('conversation_id')]: 'conv',
        [spell('chat_history')]: [
          { role: 'USER', message: 'hi' },
          { role: 'CHATBOT', message: 'hello', [spell('tool_calls')]: [call] },
          { role: 'TOOL', [spell('tool_results')]: [{ call, outputs: [{ t: 20 }] }] },
        ],
        documents: [{ id: 'd1', title: 'T', snippet: 's' }],
        tools: [
          {
            name: 'weather',
            description: 'of a city',
            [spell('parameter_definitions')]: { city: { type: 'str' } },
          },
        ],
        [spell('tool_results')]: [{ call, outputs: [{ t: 21 }] }],
        [spell('max_tokens')]: 9,
        [spell('response_format')]: { type: 'json_object' },
      },
      sender,
    );
    const result = (t: number) => ({ type: 'tool_call_response', name: 'weather', response: [{ t }] });
    expect(request).toMatchObject({
      ...server,
      operation: 'chat',
      model: 'command-r',
      maxTokens: 9,
      outputType: 'json',
      conversationId: 'conv',
      system: [{ type: 'text', content: 'be kind' }],
      messages: [
        { role: 'user', parts: [{ type: 'text', content: 'hi' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'hello' },
            { type: 'tool_call', name: 'weather', arguments: { city: 'Rome' } },
          ],
        },
        { role: 'tool', parts: [result(20)] },
        { role: 'user', parts: [{ type: 'document', id: 'd1', content: { title: 'T', snippet: 's' } }] },
        { role: 'user', parts: [{ type: 'text', content: 'and now?' }] },
        { role: 'tool', parts: [result(21)] },
      ],
      tools: [
        {
          type: 'function',
          name: 'weather',
          description: 'of a city',
          parameters: { city: { type: 'str' } },
        },
      ],
    });
  });

  const answer = {
    response_id: 'r1',
    generation_id: 'g1',
    text: 'hello',
    finish_reason: 'COMPLETE',
    chat_history: [{ role: 'USER', message: 'hi' }],
    tool_calls: [call],
    citations: [{ start: 0, end: 1, text: 'h' }],
    search_queries: [{ text: 'q' }],
    meta: { billed_units: { input_tokens: 4, output_tokens: 2, search_units: 1 } },
  };
  const parts = [
    { type: 'text', content: 'hello', citations: [{ start: 0, end: 1, text: 'h' }] },
    { type: 'tool_call', name: 'weather', arguments: { city: 'Rome' } },
    { type: 'search_queries', search_queries: [{ text: 'q' }] },
  ];

  it('reads an answer', () => {
    const response = chatV1.response(answer);
    expect(response).toMatchObject({
      id: 'r1',
      finishReasons: ['COMPLETE'],
      messages: [assistant(parts, 'COMPLETE')],
      usage: { input: 4, output: 2 },
    });
    expect(response.extra).toMatchObject({ 'cohere.usage.billed_units.search_units': 1 });
  });

  it('puts a stream together, which ends with the whole answer', () => {
    const { finish_reason, ...rest } = answer;
    const chunks = [
      { event_type: 'stream-start', generation_id: 'g1' },
      { event_type: 'text-generation', text: 'hel' },
      { event_type: 'text-generation', text: 'lo' },
    ];
    expect(accumulated(chatV1, chunks)).toEqual({
      id: 'g1',
      finishReasons: [],
      messages: [assistant([{ type: 'text', content: 'hello' }])],
    });
    const end = { event_type: 'stream-end', finish_reason, response: rest };
    expect(accumulated(chatV1, [...chunks, end])).toEqual(chatV1.response(answer));
  });

  it('puts partial tool calls of the SDK together', () => {
    const response = accumulated(chatV1, [
      { eventType: 'stream-start', generationId: 'g1' },
      { eventType: 'tool-calls-chunk', text: 'I will', toolCallDelta: { index: 0, name: 'weather' } },
      { eventType: 'tool-calls-chunk', toolCallDelta: { index: 0, parameters: '{"city":' } },
      { eventType: 'tool-calls-chunk', toolCallDelta: { index: 0, parameters: '"Rome"}' } },
    ]);
    expect(response.messages).toEqual([
      assistant([
        { type: 'text', content: 'I will' },
        { type: 'tool_call', name: 'weather', arguments: { city: 'Rome' } },
      ]),
    ]);
  });
});

describe('usage', () => {
  it('is what is billed, with what was used beside it', () => {
    const { usage, extra } = usageOf({
      billed_units: { input_tokens: 17, output_tokens: 5 },
      tokens: { input_tokens: 215, output_tokens: 6 },
      cached_tokens: 96,
    });
    expect(usage).toEqual({ input: 17, output: 5, cacheRead: undefined });
    expect(extra).toMatchObject({
      'cohere.usage.tokens.input_tokens': 215,
      'cohere.usage.tokens.output_tokens': 6,
      'cohere.usage.cached_tokens': 96,
    });
  });

  it.each([
    ['absent', undefined, undefined],
    ['of another kind', 'many', undefined],
    ['empty', {}, undefined],
    ['of searches alone', { billed_units: { search_units: 2 } }, undefined],
    ['of tokens alone', { tokens: { input_tokens: 3, output_tokens: 1 } }, { input: 3, output: 1 }],
    [
      'of zero',
      { billedUnits: { inputTokens: 0, outputTokens: 0 }, cachedTokens: 0 },
      { input: 0, output: 0, cacheRead: 0 },
    ],
    [
      'with cached tokens',
      { billed_units: { input_tokens: 9 }, cached_tokens: 4 },
      { input: 9, cacheRead: 4 },
    ],
  ])('may be %s', (_name, value, expected) => {
    expect(usageOf(value).usage).toEqual(expected);
  });
});

describe('embed', () => {
  it('reads a request', () => {
    const body = {
      model: 'embed-v4.0',
      texts: ['a', 'b'],
      images: ['data:image/png;base64,AAAA'],
      inputs: [{ content: [{ type: 'text', text: 'c' }] }],
      inputType: 'search_query',
      embedding_types: ['float', 'int8'],
      output_dimension: 256,
    };
    expect(embed.request(body, sender)).toEqual({
      ...server,
      operation: 'embeddings',
      model: 'embed-v4.0',
      dimensions: 256,
      encodingFormats: ['float', 'int8'],
      messages: [
        { role: 'user', parts: [{ type: 'text', content: 'a' }] },
        { role: 'user', parts: [{ type: 'text', content: 'b' }] },
        {
          role: 'user',
          parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 }],
        },
        { role: 'user', parts: [{ type: 'text', content: 'c' }] },
      ],
      extra: { 'cohere.request.input_type': 'search_query' },
    });
  });

  it.each([
    ['a list', [[0.5, 1, 2]], 3],
    ['floats', { float: [[0.5, 1]] }, 2],
    ['packed bits', { ubinary: [[1, 2]] }, 16],
    ['base64', { base64: ['AAAAAAAAAAA='] }, 2],
    ['nothing', { float: [] }, undefined],
    ['something else', 'x', undefined],
  ])('tells the length of vectors that come as %s', (_name, embeddings, dimensions) => {
    const response = embed.response({ id: 'e', embeddings, meta: { billed_units: { input_tokens: 2 } } });
    expect(response).toMatchObject({ id: 'e', usage: { input: 2 } });
    expect(response.dimensions).toBe(dimensions);
  });
});

describe('rerank', () => {
  it('reads a request and an answer', () => {
    const body = {
      model: 'rerank-v3.5',
      query: 'q',
      documents: ['a', { text: 'b' }, { title: 'c', text: 'd' }],
      topN: 2,
    };
    expect(rerank.request(body, sender)).toMatchObject({
      operation: 'rerank',
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'q' },
            { type: 'document', content: 'a' },
            { type: 'document', content: 'b' },
            { type: 'document', content: { title: 'c', text: 'd' } },
          ],
        },
      ],
      extra: { 'gen_ai.request.document.count': 3, 'gen_ai.retrieval.top_k': 2 },
    });
    const response = rerank.response({
      id: 'k',
      results: [
        { index: 1, relevance_score: 0.9, document: { text: 'b' } },
        { index: 0, relevanceScore: 0 },
      ],
      meta: { billed_units: { search_units: 1 } },
    });
    expect(response.messages).toEqual([
      assistant([
        {
          type: 'rerank_result',
          index: 1,
          relevance_score: 0.9,
          document: { type: 'document', content: 'b' },
        },
        { type: 'rerank_result', index: 0, relevance_score: 0 },
      ]),
    ]);
    expect(response.usage).toBeUndefined();
    expect(responseAttributes(response, false)).toEqual({
      'gen_ai.response.id': 'k',
      'cohere.usage.billed_units.search_units': 1,
    });
  });

  it('keeps a bounded number of results', () => {
    const results = Array.from({ length: 1000 }, (_, index) => ({ index, relevance_score: 0 }));
    expect(rerank.response({ results }).messages?.[0]?.parts).toHaveLength(100);
  });
});

describe('generate, summarize, classify', () => {
  it('reads generations', () => {
    const body = { model: 'command', prompt: 'hi', numGenerations: 2, endSequences: ['x'], maxTokens: 3 };
    expect(generate.request(body, sender)).toMatchObject({
      operation: 'text_completion',
      choiceCount: 2,
      stopSequences: ['x'],
      maxTokens: 3,
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
    });
    const generations = [
      { id: 'a', text: 'one', finish_reason: 'COMPLETE' },
      { id: 'b', text: 'two', finishReason: 'MAX_TOKENS' },
    ];
    const expected = {
      id: 'g',
      finishReasons: ['COMPLETE', 'MAX_TOKENS'],
      messages: [
        assistant([{ type: 'text', content: 'one' }], 'COMPLETE'),
        assistant([{ type: 'text', content: 'two' }], 'MAX_TOKENS'),
      ],
    };
    expect(generate.response({ id: 'g', generations })).toEqual(expected);
    const chunks = [
      { event_type: 'text-generation', text: 'o', index: 0 },
      { event_type: 'text-generation', text: 'two', index: 1 },
      { event_type: 'text-generation', text: 'ne', index: 0 },
    ];
    expect(accumulated(generate, chunks).messages).toEqual([
      assistant([{ type: 'text', content: 'one' }]),
      assistant([{ type: 'text', content: 'two' }]),
    ]);
    const end = { event_type: 'stream-end', finish_reason: 'COMPLETE', response: { id: 'g', generations } };
    expect(accumulated(generate, [...chunks, end])).toEqual(expected);
  });

  it("reads Bedrock's stream of generations", () => {
    const chunks = [
      { text: 'he', is_finished: false },
      { text: 'llo', is_finished: false },
      { is_finished: true, finish_reason: 'COMPLETE' },
    ];
    expect(accumulated(generate, chunks)).toMatchObject({
      finishReasons: ['COMPLETE'],
      messages: [assistant([{ type: 'text', content: 'hello' }], 'COMPLETE')],
    });
  });

  it('reads a summary', () => {
    expect(summarize.request({ text: 'long', additionalCommand: 'in verse' }, sender).messages).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'in verse' }] },
      { role: 'user', parts: [{ type: 'text', content: 'long' }] },
    ]);
    expect(summarize.response({ id: 's', summary: 'short' })).toEqual({
      id: 's',
      messages: [assistant([{ type: 'text', content: 'short' }])],
    });
  });

  it('reads classifications', () => {
    expect(classify.request({ inputs: ['a', 'b'] }, sender).messages).toHaveLength(2);
    const response = classify.response({
      id: 'c',
      classifications: [{ id: 'x', input: 'a', predictions: ['spam'], confidences: [0.5], labels: {} }],
      meta: { billedUnits: { classifications: 1 } },
    });
    expect(response.messages).toEqual([
      assistant([{ type: 'classification', predictions: ['spam'], confidences: [0.5] }]),
    ]);
    expect(response.usage).toBeUndefined();
  });
});

describe('anything else', () => {
  const ODD: unknown[] = [
    undefined,
    null,
    '',
    'text',
    0,
    Number.NaN,
    true,
    [],
    [null],
    ['text'],
    {},
    { type: null },
    { type: 'document', document: null },
    { role: 7 },
    new Date(0),
    () => {},
    10n,
  ];
  const FIELDS =
    'message messages documents tools tool_results chat_history content texts images inputs query prompt text ' +
    'embeddings generations results classifications meta usage citations delta response tool_calls index type ' +
    'event_type finish_reason id model preamble thinking response_format stop_sequences embedding_types';
  const operations = { chat, chatV1, generate, summarize, classify, embed, rerank };

  it.each(Object.entries(operations))('is read without an exception by %s', (_name, operation) => {
    for (const name of FIELDS.split(' ')) {
      for (const value of ODD) {
        const body = { [name]: value };
        requestAttributes(operation.request(body, { baseURL: value }), true);
        responseAttributes(operation.response(body), true);
        responseAttributes(operation.response(value), true);
        if (!operation.accumulator) continue;
        const types = ['message-start', 'content-delta', 'tool-call-delta', 'tool-calls-chunk', 'stream-end'];
        const chunks = types.flatMap((type) => [
          { type, event_type: type, ...body },
          { type, event_type: type, delta: { message: body } },
        ]);
        const response = accumulated(operation, [value, ...chunks]);
        responseAttributes(response, true);
      }
    }
  });
});
