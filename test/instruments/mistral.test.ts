import { describe, expect, it } from 'vitest';
import { chat, fim } from '../../src/instruments/shapes/mistral/chat';
import { conversations } from '../../src/instruments/shapes/mistral/conversations';
import {
  classification,
  embeddings,
  moderation,
  ocr,
} from '../../src/instruments/shapes/mistral/other-operations';
import { toWire } from '../../src/instruments/shapes/mistral/wire';
import { survivesOddValues } from './odd-values';

const sender = { baseURL: 'https://api.mistral.ai' };
const OPERATIONS = { chat, fim, embeddings, moderation, classification, ocr, conversations };

describe.each(Object.entries(OPERATIONS))('%s', (_name, operation) => {
  survivesOddValues(operation, sender);

  it('knows its server', () => {
    expect(operation.request({ model: 'm' }, sender)).toMatchObject({
      provider: 'mistral_ai',
      serverAddress: 'api.mistral.ai',
      serverPort: 443,
      model: 'm',
    });
  });
});

describe('a chat request', () => {
  it('has what Mistral calls by other names than OpenAI', () => {
    const content = [
      {
        type: 'thinking',
        thinking: [
          { type: 'text', text: 'hm' },
          { type: 'reference', reference_ids: [1] },
        ],
      },
      { type: 'document_url', document_url: 'https://example.invalid/a.pdf', document_name: 'a.pdf' },
      { type: 'image_url', image_url: 'https://example.invalid/a.png' },
      { type: 'input_audio', input_audio: 'AAAA' },
      { type: 'file', file_id: 'f1' },
      { type: 'reference', reference_ids: [2] },
    ];
    const request = chat.request(
      { random_seed: 0, agent_id: 'ag_1', messages: [{ role: 'assistant', content }] },
      sender,
    );
    expect(request.seed).toBe(0);
    expect(request.extra).toEqual({ 'gen_ai.agent.id': 'ag_1' });
    expect(request.messages?.[0]?.parts).toEqual([
      { type: 'reasoning', content: 'hm' },
      { type: 'uri', modality: 'document', uri: 'https://example.invalid/a.pdf', filename: 'a.pdf' },
      { type: 'uri', modality: 'image', uri: 'https://example.invalid/a.png' },
      { type: 'blob', modality: 'audio', bytes: 3 },
      { type: 'file', modality: 'document', file_id: 'f1' },
      { type: 'reference', reference_ids: [2] },
    ]);
  });
});

describe('a chat stream', () => {
  it('puts chunks together, whatever they come as', () => {
    const accumulator = chat.accumulator!();
    const add = (delta: unknown, finish_reason: string | null = null, more = {}) =>
      accumulator.add({ id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason }], ...more });
    add({ role: 'assistant', content: '' });
    add({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'th' }] }] });
    add({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'ink' }] }] });
    add({ content: 'a' });
    add({
      content: [
        { type: 'text', text: 'b' },
        { type: 'reference', reference_ids: [1] },
      ],
    });
    add({ tool_calls: [{ id: 't', index: 0, function: { name: 'f', arguments: { x: 1 } } }] });
    add({ content: '' }, 'tool_calls', {
      usage: { prompt_tokens: 3, completion_tokens: 0, num_cached_tokens: 2 },
    });
    expect(accumulator.response()).toMatchObject({
      id: 'c',
      model: 'm',
      finishReasons: ['tool_calls'],
      usage: { input: 3, output: 0, cacheRead: 2 },
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'think' },
            { type: 'text', content: 'ab' },
            { type: 'reference', reference_ids: [1] },
            { type: 'tool_call', id: 't', name: 'f', arguments: { x: 1 } },
          ],
        },
      ],
    });
  });
});

describe('moderation', () => {
  it('takes texts, a conversation or several', () => {
    const message = { role: 'user', content: 'a' };
    const expected = [{ role: 'user', parts: [{ type: 'text', content: 'a' }] }];
    for (const input of [
      'a',
      ['a'],
      [message],
      [[message]],
      [{ messages: [message] }],
      { messages: [message] },
    ]) {
      expect(moderation.request({ input }, sender).messages).toEqual(expected);
    }
  });
});

describe('names of the SDK', () => {
  it('become those of the API', () => {
    expect(toWire({ topP: 1, toolCalls: [{ toolCallId: 'x' }], n: 2 })).toEqual({
      top_p: 1,
      tool_calls: [{ tool_call_id: 'x' }],
      n: 2,
    });
  });

  it("are left alone where they are the app's", () => {
    const date = new Date(0);
    const mine = { theCity: { isMine: true } };
    expect(toWire({ arguments: mine, parameters: mine, metadata: mine, createdAt: date })).toEqual({
      arguments: mine,
      parameters: mine,
      metadata: mine,
      created_at: date,
    });
  });

  it('are those of the API already in what the SDK does not know', () => {
    const raw = { type: 'hologram', some_depth: 3 };
    expect(toWire({ content: [{ type: 'UNKNOWN', isUnknown: true, raw }] })).toEqual({ content: [raw] });
  });

  it('end somewhere', () => {
    const circular: Record<string, unknown> = {};
    circular.aB = circular;
    expect(() => toWire(circular)).not.toThrow();
  });
});
