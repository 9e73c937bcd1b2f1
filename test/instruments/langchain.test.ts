import { describe, expect, it } from 'vitest';
import { combined } from '../../src/instruments/langchain/chunks';
import { contentParts, toMessage } from '../../src/instruments/langchain/messages';
import { EventAccumulator } from '../../src/instruments/langchain/model-events';
import { chatRequest, completionRequest } from '../../src/instruments/langchain/model-request';
import { ChunkAccumulator, generationResponse } from '../../src/instruments/langchain/model-response';
import { readable } from '../../src/instruments/langchain/readable';
import { pauseOf } from '../../src/instruments/langchain/run';

/** A message as LangChain's classes are: what it is, it tells. */
const message = (type: string, content: unknown, more = {}) => ({
  _getType: () => type,
  content,
  ...more,
});
const chunk = (content: unknown, more = {}) => message('ai', content, more);

describe('messages', () => {
  it('have the roles of the conventions', () => {
    const roles = ['human', 'ai', 'system', 'developer', 'tool'].map(
      (type) => toMessage(message(type, 'x')).role,
    );
    expect(roles).toEqual(['user', 'assistant', 'system', 'developer', 'tool']);
    expect(toMessage(message('generic', 'x', { role: 'critic' })).role).toBe('critic');
    expect(toMessage({ role: 'user', content: 'plain' })).toEqual({
      role: 'user',
      parts: [{ type: 'text', content: 'plain' }],
    });
  });
  it('name their calls once, and what answers them', () => {
    const calls = [{ id: 'c1', name: 'weather', args: { city: 'Rome' } }];
    const block = { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Rome' } };
    expect(toMessage(chunk([{ type: 'text', text: 'so' }, block], { tool_calls: calls })).parts).toEqual([
      { type: 'text', content: 'so' },
      { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } },
    ]);
    expect(toMessage(message('tool', 'sunny', { tool_call_id: 'c1', name: 'weather' })).parts).toEqual([
      { type: 'tool_call_response', id: 'c1', response: 'sunny' },
    ]);
  });
  it('carry no bytes', () => {
    const data = 'A'.repeat(8000);
    const parts = contentParts([
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      { type: 'image_url', image_url: 'https://example.com/a.png' },
      { type: 'image', source_type: 'base64', data, mime_type: 'image/png' },
      { type: 'image', data, mimeType: 'image/png' },
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data } },
      { type: 'audio', data: new Uint8Array(10), mimeType: 'audio/wav' },
      { type: 'input_audio', input_audio: { data, format: 'mp3' } },
      { type: 'file', fileId: 'file-1' },
      { type: 'unheard_of', inner: { bytes: data } },
    ]);
    expect(JSON.stringify(parts)).not.toContain('AAAA');
    expect(parts).toEqual([
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 6000 },
      { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 6000 },
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 6000 },
      { type: 'blob', modality: 'image', mime_type: 'image/jpeg', bytes: 6000 },
      { type: 'blob', modality: 'audio', mime_type: 'audio/wav', bytes: 10 },
      { type: 'blob', modality: 'audio', mime_type: 'audio/mp3', bytes: 6000 },
      { type: 'file', modality: 'document', file_id: 'file-1' },
      { type: 'unheard_of', inner: { bytes: { type: 'blob', modality: 'document', bytes: 6000 } } },
    ]);
  });
});

describe('requests', () => {
  it('say what the model says of itself', () => {
    const model = {
      topP: 0.9,
      getLsParams: () => ({
        ls_provider: 'amazon_bedrock',
        ls_model_name: 'claude',
        ls_temperature: 0,
        ls_max_tokens: 9,
      }),
    };
    const tool = { name: 'weather', input_schema: { type: 'object' } };
    const options = {
      stop: ['END'],
      tools: [{ type: 'function', function: { name: 'clock', parameters: {} } }, tool],
    };
    expect(chatRequest(model, [message('human', 'hi')], options)).toMatchObject({
      operation: 'chat',
      provider: 'aws.bedrock',
      model: 'claude',
      temperature: 0,
      maxTokens: 9,
      topP: 0.9,
      stopSequences: ['END'],
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
      tools: [
        { type: 'function', name: 'clock', parameters: {} },
        { type: 'function', name: 'weather', parameters: { type: 'object' } },
      ],
    });
  });
  it('make do without', () => {
    expect(completionRequest({ _llmType: () => 'own' }, ['a', 'b'], undefined)).toMatchObject({
      operation: 'text_completion',
      provider: 'own',
      model: undefined,
      messages: [{ parts: [{ content: 'a' }] }, { parts: [{ content: 'b' }] }],
    });
  });
});

describe('responses', () => {
  it('have the usage of the message', () => {
    const answer = chunk('yes', {
      id: 'chatcmpl-1',
      response_metadata: { model_name: 'm-1', stop_reason: 'end_turn' },
      usage_metadata: {
        input_tokens: 9,
        output_tokens: 4,
        input_token_details: { cache_read: 3, cache_creation: 2, audio: 0 },
        output_token_details: { reasoning: 1 },
      },
    });
    expect(generationResponse({ generations: [[{ text: 'yes', message: answer }]] })).toEqual({
      id: 'chatcmpl-1',
      model: 'm-1',
      finishReasons: ['end_turn'],
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: 'yes' }], finish_reason: 'end_turn' }],
      usage: {
        input: 9,
        output: 4,
        cacheRead: 3,
        cacheWrite: 2,
        reasoning: 1,
        audioInput: undefined,
        audioOutput: undefined,
      },
    });
  });
  it('have the usage of the call where the message has none', () => {
    const llmOutput = { tokenUsage: { promptTokens: 2, completionTokens: 1, totalTokens: 3 } };
    const { usage, messages, id } = generationResponse({ generations: [[{ text: 'yes' }]], llmOutput });
    expect({ usage, id, messages }).toEqual({
      usage: { input: 2, output: 1 },
      id: undefined,
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: 'yes' }] }],
    });
  });
  it('make nothing up', () => {
    expect(generationResponse(undefined)).toMatchObject({ messages: [], usage: undefined });
    expect(
      generationResponse({ generations: [[{ message: chunk('', { id: 'run-1' }) }]] }).id,
    ).toBeUndefined();
    const empty = { generations: [[{ text: '' }]], llmOutput: { tokenUsage: {} } };
    expect(generationResponse(empty).usage).toBeUndefined();
  });
});

describe('streams', () => {
  const collected = (...chunks: unknown[]) => {
    const accumulator = new ChunkAccumulator();
    for (const one of chunks) accumulator.add(one);
    return accumulator.response();
  };
  it('put texts, calls and usage together', () => {
    const call = (more: object) => chunk('', { tool_call_chunks: [{ index: 0, ...more }] });
    const response = collected(
      chunk('He', {
        id: 'c1',
        additional_kwargs: { reasoning_content: 'hm' },
        usage_metadata: { input_tokens: 5, output_tokens: 0 },
      }),
      chunk('llo'),
      call({ id: 'call_1', name: 'weather', args: '{"city"' }),
      call({ args: ':"Rome"}' }),
      chunk('', {
        response_metadata: { finish_reason: 'tool_calls' },
        usage_metadata: { input_tokens: 0, output_tokens: 3 },
      }),
    );
    expect(response).toMatchObject({
      id: 'c1',
      finishReasons: ['tool_calls'],
      usage: { input: 5, output: 3 },
    });
    expect(response.messages?.[0]?.parts).toEqual([
      { type: 'reasoning', content: 'hm' },
      { type: 'text', content: 'Hello' },
      { type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Rome' } },
    ]);
  });
  it('put blocks together, with an index and without', () => {
    const parts = (...contents: unknown[]) =>
      collected(...contents.map((content) => chunk(content))).messages?.[0]?.parts;
    expect(
      parts(
        [{ index: 0, type: 'thinking', thinking: 'hm' }],
        [{ index: 0, type: 'thinking', thinking: 'm' }],
        [{ index: 1, type: 'text', text: 'a' }],
        [{ index: 1, type: 'text', text: 'b' }],
      ),
    ).toEqual([
      { type: 'reasoning', content: 'hmm' },
      { type: 'text', content: 'ab' },
    ]);
    expect(parts([{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }])).toEqual([
      { type: 'text', content: 'ab' },
    ]);
  });
  it('may be of plain text, or of nothing', () => {
    expect(collected('He', 'llo').messages?.[0]?.parts).toEqual([{ type: 'text', content: 'Hello' }]);
    expect(collected()).toMatchObject({ usage: undefined, id: undefined });
  });
  it('of events say at their end what a block was', () => {
    const accumulator = new EventAccumulator();
    const delta = (index: number, of: object) =>
      accumulator.add({ event: 'content-block-delta', index, delta: of });
    accumulator.add({ event: 'message-start', id: 'm1' });
    accumulator.add({ event: 'content-block-start', index: 0, content: { type: 'text', text: '' } });
    delta(0, { type: 'text-delta', text: 'He' });
    delta(0, { type: 'text-delta', text: 'llo' });
    accumulator.add({
      event: 'content-block-start',
      index: 1,
      content: { type: 'tool_call_chunk', id: 'c', name: 'clock' },
    });
    delta(1, { type: 'tool-call-delta', args: '{"zone":1}' });
    accumulator.add({
      event: 'message-finish',
      reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 2 },
    });
    expect(accumulator.response()).toMatchObject({
      id: 'm1',
      finishReasons: ['tool_use'],
      usage: { input: 1, output: 2 },
      messages: [
        {
          parts: [
            { type: 'text', content: 'Hello' },
            { type: 'tool_call', id: 'c', name: 'clock', arguments: { zone: 1 } },
          ],
        },
      ],
    });
  });
  it('of chains become what a chain would have given', () => {
    expect(combined(['a', 'b'])).toBe('ab');
    expect(combined([{ a: 'x' }, { b: 1 }, { a: 'y' }])).toEqual({ a: 'xy', b: 1 });
    expect(combined([chunk('He'), chunk('llo')])).toEqual({ role: 'assistant', content: 'Hello' });
    expect(combined([])).toBeUndefined();
  });
});

describe('what a step was given', () => {
  it('is told as people would', () => {
    const state = {
      messages: [message('human', 'hi'), chunk('', { tool_calls: [{ id: '1', name: 't', args: {} }] })],
      context: [{ pageContent: 'text', metadata: { page: 1 }, id: undefined }],
      prompt: { toChatMessages() {}, messages: [message('system', 'be')] },
      next: { lg_name: 'Send', node: 'n', args: { a: 1 } },
      model: new (class Model {
        lc_runnable = true;
      })(),
    };
    expect(readable(state)).toEqual({
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: '', tool_calls: [{ id: '1', name: 't', args: {} }] },
      ],
      context: [{ pageContent: 'text', metadata: { page: 1 } }],
      prompt: [{ role: 'system', content: 'be' }],
      next: { node: 'n', args: { a: 1 } },
      model: '[Model]',
    });
  });
  it('may be unreadable', () => {
    const broken = {
      get state(): unknown {
        throw new Error('no');
      },
    };
    expect(readable({ broken, fine: 1 })).toEqual({ broken: '[unreadable]', fine: 1 });
  });
  it('has an end', () => {
    const round: Record<string, unknown> = {};
    round.again = round;
    expect(() => readable(round)).not.toThrow();
    expect(() => readable(Array.from({ length: 20_000 }, () => ({ a: {} })))).not.toThrow();
  });
});

it('a graph that pauses has not failed', () => {
  const thrown = (more: object) => Object.assign(new Error('x'), more);
  expect(pauseOf(thrown({ is_bubble_up: true, interrupts: [1] }))).toEqual({ interrupts: [1] });
  expect(pauseOf(thrown({ is_bubble_up: true, command: 'c' }))).toEqual({ command: 'c' });
  expect(pauseOf(new Error('x'))).toBeUndefined();
  expect(pauseOf(undefined)).toBeUndefined();
});
