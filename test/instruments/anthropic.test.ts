import { describe, expect, it } from 'vitest';
import { requestAttributes, responseAttributes } from '../../src/instruments/genai/to-attributes';
import { contentParts, inputMessage } from '../../src/instruments/shapes/anthropic/content';
import { messages, textCompletions } from '../../src/instruments/shapes/anthropic/operations';
import { messageResponse } from '../../src/instruments/shapes/anthropic/response';
import { MessageAccumulator } from '../../src/instruments/shapes/anthropic/stream';

/** What an app or a provider may send where something else is expected. */
const ODD: unknown[] = [
  undefined,
  null,
  '',
  'text',
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  [],
  [null],
  [[]],
  ['text'],
  {},
  { type: null },
  { type: 'text' },
  { type: 'tool_use' },
  { type: 'tool_result', content: 3 },
  { type: 'image' },
  { type: 'image', source: 'x' },
  { type: 'document', source: { type: 'content' } },
  { type: 'base64', data: 7 },
  Object.create(null),
  new Date(0),
  new Map(),
  () => {},
  Symbol('x'),
  10n,
];

const client = { baseURL: 'https://api.anthropic.com' };
const isCount = (value: unknown) =>
  value === undefined || (typeof value === 'number' && Number.isFinite(value));

describe('content', () => {
  it.each([
    ['a text', 'hi', [{ type: 'text', content: 'hi' }]],
    ['nothing', '', []],
    ['absent', undefined, []],
    ['text', [{ type: 'text', text: 'hi', citations: null }], [{ type: 'text', content: 'hi' }]],
    [
      'citations',
      [{ type: 'text', text: 'hi', citations: [{ type: 'char_location', cited_text: 'h' }] }],
      [{ type: 'text', content: 'hi', citations: [{ type: 'char_location', cited_text: 'h' }] }],
    ],
    [
      'thinking, without its signature',
      [{ type: 'thinking', thinking: 'hm', signature: 'x' }],
      [{ type: 'reasoning', content: 'hm' }],
    ],
    [
      'redacted thinking',
      [{ type: 'redacted_thinking', data: 'x' }],
      [{ type: 'reasoning', content: '[redacted]' }],
    ],
    [
      'a tool call',
      [{ type: 'tool_use', id: 't', name: 'f', input: { a: 1 } }],
      [{ type: 'tool_call', id: 't', name: 'f', arguments: { a: 1 } }],
    ],
    [
      'a failed tool result',
      [{ type: 'tool_result', tool_use_id: 't', content: 'no', is_error: true }],
      [{ type: 'tool_call_response', id: 't', response: 'no', is_error: true }],
    ],
    [
      'a tool of the provider',
      [{ type: 'server_tool_use', id: 't', name: 'web_search', input: { query: 'q' } }],
      [
        {
          type: 'server_tool_call',
          id: 't',
          name: 'web_search',
          server_tool_call: { type: 'server_tool_use', arguments: { query: 'q' } },
        },
      ],
    ],
    [
      'its result',
      [{ type: 'code_execution_tool_result', tool_use_id: 't', content: { stdout: 'x' } }],
      [
        {
          type: 'server_tool_call_response',
          id: 't',
          server_tool_call_response: { type: 'code_execution_tool_result', response: { stdout: 'x' } },
        },
      ],
    ],
    [
      'a block of a kind that is not known',
      [{ type: 'brand_new', x: { y: [1] } }],
      [{ type: 'brand_new', x: { y: [1] } }],
    ],
    ['a block without a type', [{ text: 'x' }], [{ type: 'unknown', text: 'x' }]],
    [
      'an image by data URL',
      [{ type: 'image', source: { type: 'url', url: 'data:image/png;base64,AAAA' } }],
      [{ type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 }],
    ],
    [
      'a file',
      [{ type: 'image', source: { type: 'file', file_id: 'f' } }],
      [{ type: 'file', modality: 'image', file_id: 'f' }],
    ],
    [
      'a document made of blocks',
      [{ type: 'document', title: 'T', source: { type: 'content', content: 'inner' } }],
      [{ type: 'document', title: 'T', content: [{ type: 'text', content: 'inner' }] }],
    ],
  ])('%s', (_name, content, parts) => {
    expect(contentParts(content)).toEqual(parts);
  });

  it('keeps no bytes, wherever they are', () => {
    const source = { type: 'base64', media_type: 'application/pdf', data: 'QUJDREVGR0g=' };
    const parts = contentParts([
      { type: 'image', source },
      { type: 'document', source },
      { type: 'video', source },
      { type: 'tool_result', content: [{ type: 'image', source }] },
      { type: 'tool_use', input: { nested: [{ source }] } },
      { type: 'web_fetch_tool_result', content: { content: { type: 'document', source } } },
    ]);
    expect(JSON.stringify(parts)).not.toContain('QUJDREVGR0g');
    expect(JSON.stringify(parts).match(/"bytes":8/g)).toHaveLength(6);
  });

  it('gives up on what is nested without end', () => {
    const loop: Record<string, unknown> = { type: 'brand_new' };
    loop.self = loop;
    expect(JSON.stringify(contentParts([loop]))).toContain('[too deep]');
  });

  it('makes tool messages of the tool results in a user message', () => {
    const result = { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'sunny' }] };
    expect(inputMessage({ role: 'user', content: [result, { type: 'text', text: 'and?' }] })).toEqual([
      {
        role: 'tool',
        parts: [{ type: 'tool_call_response', id: 't', response: [{ type: 'text', content: 'sunny' }] }],
      },
      { role: 'user', parts: [{ type: 'text', content: 'and?' }] },
    ]);
  });

  it.each(ODD.map((odd) => [odd]))('takes %s', (odd) => {
    expect(Array.isArray(contentParts(odd))).toBe(true);
    expect(Array.isArray(contentParts([odd]))).toBe(true);
    expect(Array.isArray(inputMessage({ role: odd, content: odd }))).toBe(true);
  });
});

describe('a request', () => {
  it('names what was asked for, and nothing else', () => {
    const body = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] };
    expect(requestAttributes(messages.request(body, client), true)).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'm',
      'gen_ai.request.max_tokens': 5,
      'server.address': 'api.anthropic.com',
      'server.port': 443,
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
    });
  });

  it('tells where Bedrock and Vertex are', () => {
    const at = (baseURL: string) => messages.request({}, { baseURL }).provider;
    expect(at('https://bedrock-runtime.us-east-1.amazonaws.com')).toBe('aws.bedrock');
    expect(at('https://us-east5-aiplatform.googleapis.com/v1')).toBe('gcp.vertex_ai');
  });

  it('leaves functions and cache marks out of tool definitions', () => {
    const tool = {
      name: 'f',
      input_schema: { type: 'object' },
      cache_control: {},
      run: () => {},
      strict: true,
    };
    expect(messages.request({ tools: [tool] }, client).tools).toEqual([
      { name: 'f', type: 'function', strict: true, parameters: { type: 'object' } },
    ]);
  });

  const FIELDS = ['model', 'messages', 'system', 'tools', 'thinking', 'stream', 'max_tokens', 'temperature'];
  const MORE = [
    'top_k',
    'stop_sequences',
    'output_config',
    'output_format',
    'prompt',
    'max_tokens_to_sample',
  ];
  it.each(ODD.map((odd) => [odd]))('takes %s in every field', (odd) => {
    const body = Object.fromEntries([...FIELDS, ...MORE].map((field) => [field, odd]));
    for (const operation of [messages, textCompletions]) {
      const attributes = requestAttributes(operation.request(body, { baseURL: odd }), true);
      for (const value of Object.values(attributes)) expect(value).not.toBeNaN();
      expect(attributes['gen_ai.provider.name']).toBe('anthropic');
    }
  });
});

describe('a response', () => {
  const usage = {
    input_tokens: 10,
    output_tokens: 7,
    cache_read_input_tokens: 4,
    cache_creation_input_tokens: 3,
    output_tokens_details: { thinking_tokens: 2 },
    server_tool_use: { web_search_requests: 1, web_fetch_requests: null },
    service_tier: 'standard',
  };

  it('counts cached tokens in', () => {
    const body = { id: 'i', model: 'm', stop_reason: 'end_turn', usage, container: { id: 'c' } };
    expect(responseAttributes(messageResponse(body), true)).toEqual({
      'gen_ai.response.id': 'i',
      'gen_ai.response.model': 'm',
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.usage.input_tokens': 17,
      'gen_ai.usage.output_tokens': 7,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.cache_write.input_tokens': 3,
      'gen_ai.usage.reasoning.output_tokens': 2,
      'anthropic.container.id': 'c',
      'anthropic.response.service_tier': 'standard',
      'anthropic.usage.server_tool_use.web_search_requests': 1,
    });
  });

  it('has no counts that nobody gave', () => {
    expect(responseAttributes(messageResponse({}), true)).toEqual({});
    const cached = { input_tokens: null, cache_read_input_tokens: 4, cache_creation_input_tokens: null };
    expect(messageResponse({ usage: cached }).usage).toMatchObject({ input: undefined, cacheRead: 4 });
    expect(messageResponse({ usage: { input_tokens: 1, cache_read_input_tokens: null } }).usage?.input).toBe(
      1,
    );
  });

  it.each(ODD.map((odd) => [odd]))('takes %s', (odd) => {
    const body = {
      id: odd,
      model: odd,
      role: odd,
      stop_reason: odd,
      content: odd,
      usage: odd,
      container: odd,
    };
    const counts = {
      input_tokens: odd,
      output_tokens: odd,
      cache_read_input_tokens: odd,
      server_tool_use: odd,
    };
    for (const answer of [odd, body, { usage: counts }]) {
      for (const operation of [messages, textCompletions]) {
        const response = operation.response(answer);
        expect(Object.values(response.usage ?? {}).every(isCount)).toBe(true);
        responseAttributes(response, true);
      }
    }
  });
});

describe('a stream', () => {
  const add = (...events: unknown[]) => {
    const accumulator = new MessageAccumulator();
    for (const event of events) accumulator.add(event);
    return accumulator.response();
  };
  const start = {
    type: 'message_start',
    message: {
      id: 'i',
      model: 'm',
      role: 'assistant',
      content: [],
      usage: { input_tokens: 5, output_tokens: 1 },
    },
  };
  const block = (index: number, content_block: unknown) => ({
    type: 'content_block_start',
    index,
    content_block,
  });
  const delta = (index: number, delta: unknown) => ({ type: 'content_block_delta', index, delta });
  const partsOf = (...events: unknown[]) => add(start, ...events).messages?.[0]?.parts;

  it('has the counts of both events, and null means nothing', () => {
    const end = {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: null, output_tokens: 9, cache_read_input_tokens: 2, server_tool_use: null },
    };
    const response = add(start, end, { type: 'message_stop' });
    expect(response.usage).toMatchObject({ input: 7, output: 9, cacheRead: 2 });
    expect(response.finishReasons).toEqual(['end_turn']);
  });

  it('knows no output count before its end', () => {
    expect(add(start).usage).toMatchObject({ input: 5, output: undefined });
  });

  it.each([
    [
      'text',
      [
        block(0, { type: 'text', text: '' }),
        delta(0, { type: 'text_delta', text: 'a' }),
        delta(0, { type: 'text_delta', text: 'b' }),
      ],
      [{ type: 'text', content: 'ab' }],
    ],
    [
      'thinking',
      [
        block(0, { type: 'thinking', thinking: '', signature: '' }),
        delta(0, { type: 'thinking_delta', thinking: 'hm' }),
        delta(0, { type: 'signature_delta', signature: 'x' }),
      ],
      [{ type: 'reasoning', content: 'hm' }],
    ],
    [
      'tool input',
      [
        block(0, { type: 'tool_use', id: 't', name: 'f', input: {} }),
        delta(0, { type: 'input_json_delta', partial_json: '{"a"' }),
        delta(0, { type: 'input_json_delta', partial_json: ':1}' }),
      ],
      [{ type: 'tool_call', id: 't', name: 'f', arguments: { a: 1 } }],
    ],
    [
      'tool input cut short',
      [
        block(0, { type: 'tool_use', id: 't', name: 'f', input: {} }),
        delta(0, { type: 'input_json_delta', partial_json: '{"a"' }),
      ],
      [{ type: 'tool_call', id: 't', name: 'f', arguments: '{"a"' }],
    ],
    [
      'citations',
      [
        block(0, { type: 'text', text: 'a' }),
        delta(0, { type: 'citations_delta', citation: { cited_text: 'c' } }),
      ],
      [{ type: 'text', content: 'a', citations: [{ cited_text: 'c' }] }],
    ],
    [
      'compaction',
      [
        block(0, { type: 'compaction', content: null }),
        delta(0, { type: 'compaction_delta', content: 'short' }),
      ],
      [{ type: 'compaction', content: 'short' }],
    ],
    [
      'a delta of a kind that is not known',
      [block(0, { type: 'text', text: 'a' }), delta(0, { type: 'brand_new_delta', x: 1 })],
      [{ type: 'text', content: 'a', deltas: [{ type: 'brand_new_delta', x: 1 }] }],
    ],
    [
      'a block of a kind that is not known',
      [block(0, { type: 'brand_new', x: 1 })],
      [{ type: 'brand_new', x: 1 }],
    ],
    [
      'blocks out of order, with holes',
      [block(1e9, { type: 'text', text: 'last' }), block(2, { type: 'text', text: 'first' })],
      [
        { type: 'text', content: 'first' },
        { type: 'text', content: 'last' },
      ],
    ],
    [
      'a delta without a block',
      [delta(0, { type: 'text_delta', text: 'a' })],
      [{ type: 'text', content: 'a' }],
    ],
  ])('%s', (_name, events, parts) => {
    expect(partsOf(...events)).toEqual(parts);
  });

  it('tells the model that took over', () => {
    const fallback = block(0, { type: 'fallback', from: { model: 'm' }, to: { model: 'n' } });
    expect(add(start, fallback).model).toBe('n');
  });

  it('may be asked half way, and does not change what the app sees', () => {
    const first = block(0, { type: 'text', text: '' });
    const accumulator = new MessageAccumulator();
    for (const event of [start, first, delta(0, { type: 'text_delta', text: 'a' })]) accumulator.add(event);
    expect(accumulator.response().messages?.[0]?.parts).toEqual([{ type: 'text', content: 'a' }]);
    accumulator.add(delta(0, { type: 'text_delta', text: 'b' }));
    expect(accumulator.response().messages?.[0]?.parts).toEqual([{ type: 'text', content: 'ab' }]);
    expect(first).toEqual(block(0, { type: 'text', text: '' }));
    expect(start.message.usage).toEqual({ input_tokens: 5, output_tokens: 1 });
  });

  it('of text completions is their text', () => {
    const accumulator = textCompletions.accumulator?.();
    for (const chunk of [
      null,
      5,
      { completion: ' a', model: 'm' },
      { completion: 'b', stop_reason: 'stop_sequence' },
    ]) {
      accumulator?.add(chunk);
    }
    expect(accumulator?.response()).toMatchObject({
      model: 'm',
      finishReasons: ['stop_sequence'],
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: ' ab' }] }],
    });
  });

  it.each(ODD.map((odd) => [odd]))('takes %s', (odd) => {
    const types = ['message_start', 'content_block_start', 'content_block_delta', 'message_delta', 'x'];
    const fields = { message: odd, index: odd, content_block: odd, delta: odd, usage: odd };
    const deltas = ['text_delta', 'thinking_delta', 'input_json_delta', 'citations_delta', 'toString'].map(
      (type) => delta(0, { type, text: odd, thinking: odd, partial_json: odd, citation: odd }),
    );
    const response = add(odd, ...types.map((type) => ({ type, ...fields })), ...deltas);
    expect(Object.values(response.usage ?? {}).every(isCount)).toBe(true);
    responseAttributes(response, true);
  });
});
