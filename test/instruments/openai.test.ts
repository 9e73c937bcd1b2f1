import { describe, expect, it } from 'vitest';
import { base64Bytes, dataUrlPlaceholder } from '../../src/instruments/genai/media';
import { requestAttributes, responseAttributes } from '../../src/instruments/genai/to-attributes';
import type { ModelResponse } from '../../src/instruments/genai/types';
import { ChatAccumulator, chat } from '../../src/instruments/shapes/openai/chat';
import {
  audio,
  embeddings,
  images,
  moderations,
  textCompletions,
} from '../../src/instruments/shapes/openai/other-operations';
import { ResponsesAccumulator, responses } from '../../src/instruments/shapes/openai/responses';
import { chatUsage, responsesUsage } from '../../src/instruments/shapes/openai/usage';
import { toJson } from '../../src/telemetry/to-json';

const client = { baseURL: 'https://api.openai.com/v1' };
const OPERATIONS = { chat, responses, textCompletions, embeddings, images, moderations, ...audio };

/** What no well-meaning app or server sends, and some do. */
const circular: Record<string, unknown> = { role: 'user' };
circular.content = [circular];
const ODD: unknown[] = [
  undefined,
  null,
  0,
  '',
  'text',
  [],
  [null],
  {},
  circular,
  { choices: null, data: null, results: null, output: null, usage: null },
  { choices: [null, 1, {}], data: [null, {}], results: [null], output: [null, {}, { type: 'new_thing' }] },
  { messages: 'text', input: 5, prompt: {}, file: 3, tools: 'x', image: null, model: 7, stream: 'yes' },
  {
    messages: [
      null,
      'x',
      { role: 3, content: 5 },
      { role: 'tool' },
      { content: [{ type: 'video', url: 1n }] },
    ],
  },
  { input: [{ type: 'function_call_output' }, { type: 'reasoning' }, { type: 5 }, { role: 'user' }] },
  {
    usage: { prompt_tokens: 'many', completion_tokens: Number.NaN, input_tokens: {} },
    choices: [{ delta: 3 }],
  },
  // Found by the fuzzer (net, seed 8): text it cannot become.
  { output: [{ type: { toString: 'x' } }], input: [{ type: { toString: 'x' }, role: { toString: 'x' } }] },
  { event: 1, response: 5, item: 'x', output_index: 'y', type: 'response.output_text.delta', delta: 4 },
];

describe.each(Object.entries(OPERATIONS))('%s', (_name, operation) => {
  it.each(ODD.map((value, index) => [index, value] as const))('survives odd input %i', (_index, value) => {
    const body = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    expectSound(requestAttributes(operation.request(body, client), true));
    expectSound(responseAttributes(operation.response(value), true));
    const accumulator = operation.accumulator?.();
    if (!accumulator) return;
    expectSound(responseAttributes(accumulator.response(), true));
    for (const chunk of [value, ...ODD]) accumulator.add(chunk);
    expectSound(responseAttributes(accumulator.response(), true));
  });

  it('records nothing of the text with content off', () => {
    const body = {
      model: 'm',
      input: 'SECRET',
      prompt: 'SECRET',
      instructions: 'SECRET',
      tools: [{ x: 'SECRET' }],
    };
    const messages = [{ role: 'user', content: 'SECRET', name: 'SECRET' }];
    const request = operation.request({ ...body, messages }, client);
    expect(JSON.stringify(requestAttributes(request, false))).not.toContain('SECRET');
    const answer = {
      text: 'SECRET',
      choices: [{ text: 'SECRET', message: { content: 'SECRET', refusal: 'SECRET' } }],
      output: [{ type: 'message', content: [{ type: 'output_text', text: 'SECRET' }] }],
      data: [{ revised_prompt: 'SECRET', url: 'SECRET' }],
    };
    expect(JSON.stringify(responseAttributes(operation.response(answer), false))).not.toContain('SECRET');
  });
});

/** Attribute values OpenTelemetry takes, no number that is none, JSON where there is JSON. */
function expectSound(attributes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const type = Array.isArray(value) ? 'list' : typeof value;
    expect(['string', 'number', 'boolean', 'list'], name).toContain(type);
    if (type === 'number') expect(Number.isFinite(value), name).toBe(true);
    if (/messages|instructions|definitions/.test(name))
      expect(JSON.parse(String(value))).toBeInstanceOf(Array);
  }
}

describe('usage', () => {
  it('keeps a zero and leaves out what was not sent', () => {
    expect(chatUsage({ prompt_tokens: 0, completion_tokens: 0 })).toMatchObject({ input: 0, output: 0 });
    expect(chatUsage({ prompt_tokens: 0 })?.output).toBeUndefined();
    expect(chatUsage(undefined)).toBeUndefined();
    expect(responsesUsage(null)).toBeUndefined();
  });

  it('reads cached, reasoning and audio tokens', () => {
    const details = {
      prompt_tokens: 10,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 4, audio_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 3, audio_tokens: 2 },
    };
    expect(chatUsage(details)).toEqual({
      input: 10,
      output: 5,
      cacheRead: 4,
      cacheWrite: undefined,
      reasoning: 3,
      audioInput: 1,
      audioOutput: 2,
    });
    expect(chatUsage({ prompt_tokens: 9, prompt_cache_hit_tokens: 6 })?.cacheRead).toBe(6);
    expect(
      responsesUsage({
        input_tokens: 8,
        output_tokens: 4,
        input_tokens_details: { cached_tokens: 2, image_tokens: 5 },
        output_tokens_details: { reasoning_tokens: 1 },
      }),
    ).toMatchObject({ input: 8, output: 4, cacheRead: 2, imageInput: 5, reasoning: 1 });
  });
});

function accumulated(
  accumulator: { add(chunk: unknown): void; response(): ModelResponse },
  chunks: unknown[],
) {
  for (const chunk of chunks) accumulator.add(chunk);
  return accumulator.response();
}

const delta = (change: object, more: object = {}) => ({ choices: [{ index: 0, delta: change, ...more }] });

describe('ChatAccumulator', () => {
  it('joins text, reasoning and refusals, choice by choice', () => {
    const response = accumulated(new ChatAccumulator(), [
      { id: 'c', model: 'm', choices: [{ index: 1, delta: { role: 'assistant', content: 'B' } }] },
      delta({ role: 'assistant', content: 'A' }),
      delta({ reasoning_content: 'be' }),
      delta({ reasoning: 'cause' }),
      delta({ content: '!' }, { finish_reason: 'stop' }),
      { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
    ]);
    expect(response).toMatchObject({ id: 'c', model: 'm', usage: { input: 1, output: 2 } });
    expect(response.finishReasons).toEqual(['stop', '']);
    expect(response.messages).toEqual([
      {
        role: 'assistant',
        finish_reason: 'stop',
        parts: [
          { type: 'reasoning', content: 'because' },
          { type: 'text', content: 'A!' },
        ],
      },
      { role: 'assistant', parts: [{ type: 'text', content: 'B' }] },
    ]);
  });

  it('takes the newest usage for the total, and none for none', () => {
    const usage = (completion_tokens: number) => ({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens },
    });
    expect(accumulated(new ChatAccumulator(), [usage(1), usage(2), usage(3)]).usage).toMatchObject({
      output: 3,
    });
    expect(accumulated(new ChatAccumulator(), [delta({ content: 'x' })]).usage).toBeUndefined();
  });

  it('joins parallel tool calls, and keeps arguments that were cut short as text', () => {
    const call = (index: number, target: object, id?: string) =>
      delta({ tool_calls: [{ index, id, function: target }] });
    const response = accumulated(new ChatAccumulator(), [
      call(0, { name: 'a', arguments: '{"x":' }, 'call_a'),
      call(1, { name: 'b', arguments: '{"y"' }, 'call_b'),
      call(0, { arguments: '1}' }),
    ]);
    expect(response.messages?.[0]?.parts).toEqual([
      { type: 'tool_call', id: 'call_a', name: 'a', arguments: { x: 1 } },
      { type: 'tool_call', id: 'call_b', name: 'b', arguments: '{"y"' },
    ]);
  });

  it('says nothing of a choice that has said nothing', () => {
    expect(accumulated(new ChatAccumulator(), [delta({ role: 'assistant', content: '' })]).messages).toEqual(
      [],
    );
  });
});

describe('ResponsesAccumulator', () => {
  const text = (part: string) => ({ type: 'response.output_text.delta', output_index: 0, delta: part });

  it('takes the whole response the stream ends with', () => {
    const response = {
      id: 'r',
      model: 'm',
      status: 'completed',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'whole' }] }],
      usage: { input_tokens: 1, output_tokens: 2 },
    };
    expect(
      accumulated(new ResponsesAccumulator(), [text('who'), { type: 'response.completed', response }]),
    ).toMatchObject({
      id: 'r',
      finishReasons: ['stop'],
      usage: { input: 1, output: 2 },
      messages: [{ parts: [{ type: 'text', content: 'whole' }], finish_reason: 'stop' }],
    });
  });

  it('puts together what came of one that was stopped', () => {
    const response = accumulated(new ResponsesAccumulator(), [
      { type: 'response.created', response: { id: 'r', model: 'm', status: 'in_progress', output: [] } },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { type: 'message', role: 'assistant', content: [] },
      },
      text('half '),
      text('way'),
    ]);
    expect(response).toMatchObject({ id: 'r', model: 'm', finishReasons: [] });
    expect(response.messages?.[0]?.parts).toEqual([{ type: 'text', content: 'half way' }]);
    expect(response.usage).toBeUndefined();
  });

  it('tells why a response is incomplete or failed', () => {
    const ended = (response: object) => accumulated(new ResponsesAccumulator(), [{ response }]).finishReasons;
    expect(ended({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })).toEqual([
      'length',
    ]);
    expect(ended({ status: 'failed' })).toEqual(['error']);
  });
});

describe('requests', () => {
  const parts = (content: unknown) =>
    chat.request({ messages: [{ role: 'user', content }] }, client).messages?.[0]?.parts;

  it('replaces data URLs, audio and files by what they were', () => {
    expect(
      parts([
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        { type: 'input_audio', input_audio: { data: 'AAAAAAAA', format: 'wav' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
        { type: 'file', file: { file_id: 'file_1' } },
      ]),
    ).toEqual([
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 },
      { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
      { type: 'blob', modality: 'audio', mime_type: 'audio/wav', bytes: 6 },
      { type: 'blob', modality: 'document', mime_type: 'application/pdf', bytes: 3, filename: 'a.pdf' },
      { type: 'file', modality: 'document', file_id: 'file_1' },
    ]);
  });

  it('does not send ten megabytes of image along', () => {
    const url = `data:image/png;base64,${'A'.repeat(10_000_000)}`;
    const request = chat.request(
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] },
      client,
    );
    expect(JSON.stringify(requestAttributes(request, true)).length).toBeLessThan(1_000);
  });

  it('leaves alone what an answer works out when it is asked for', () => {
    let asked = 0;
    const lazy = {
      get embedding() {
        asked += 1;
        return [1, 2, 3];
      },
    };
    expect(embeddings.response({ model: 'm', data: [lazy] })).toMatchObject({
      model: 'm',
      dimensions: undefined,
    });
    expect(asked).toBe(0);
  });

  it('counts the dimensions of vectors, as numbers or base64', () => {
    const encoded = Buffer.from(new Float32Array(8).buffer).toString('base64');
    const dimensions = (embedding: unknown) => embeddings.response({ data: [{ embedding }] }).dimensions;
    expect([dimensions([1, 2, 3]), dimensions(encoded), dimensions(new Float32Array(4))]).toEqual([3, 8, 4]);
    expect(dimensions(undefined)).toBeUndefined();
  });

  it('knows Azure by its client where the host is somebody else', () => {
    const azure = { baseURL: 'https://gateway.example.com/openai', apiVersion: '2024-10-21' };
    expect(chat.request({}, azure).provider).toBe('azure.ai.openai');
  });
});

describe('media and JSON', () => {
  it('measures base64', () => {
    expect(['', 'QQ==', 'QUI=', 'QUJD'].map(base64Bytes)).toEqual([0, 1, 2, 3]);
  });

  it('takes nothing for a data URL that is none', () => {
    expect(dataUrlPlaceholder('data: we have some')).toBeUndefined();
    expect(dataUrlPlaceholder('data:text/plain;charset=utf-8,hello')).toMatchObject({ bytes: 5 });
  });

  it('writes anything', () => {
    const throwing = {
      get mine() {
        throw new Error('no');
      },
    };
    expect(toJson(circular)).toBe('{"role":"user","content":["[circular]"]}');
    expect(toJson(throwing)).toBe('{"mine":"[unreadable]"}');
    expect(toJson({ big: 1n, bytes: new Uint8Array(3), call: () => 1, nothing: undefined })).toBe(
      '{"big":"1","bytes":{"type":"blob","bytes":3},"call":"[function call]"}',
    );
    expect(toJson(undefined)).toBe('null');
    const shared = { a: 1 };
    expect(toJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });
});
