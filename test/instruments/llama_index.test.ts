import { describe, expect, it } from 'vitest';
import { messageOf, plainText, toolDefinition } from '../../src/instruments/llama_index/messages';
import { chat, complete, embed } from '../../src/instruments/llama_index/models';
import { answerOf, answerText, nodesOf } from '../../src/instruments/llama_index/nodes';
import { rawResponse } from '../../src/instruments/llama_index/raw-answer';
import { vendorOf } from '../../src/instruments/llama_index/vendor';

class OpenAI {
  model = 'gpt-4o';
  baseURL = 'http://localhost:9999/v1';
  get metadata() {
    return { model: this.model, temperature: 0.1, topP: 1, maxTokens: undefined };
  }
}
class Groq extends OpenAI {}

describe("LlamaIndex's models", () => {
  it('are asked with messages, tools and settings of their own', () => {
    const parameters = { type: 'object' };
    const tool = { metadata: { name: 'weather', description: 'd', parameters }, call() {} };
    const messages = [
      { role: 'system', content: 's' },
      { role: 'user', content: [{ type: 'text', text: 'q' }] },
      {
        role: 'assistant',
        content: '',
        options: { toolCall: [{ id: '1', name: 'weather', input: '{"a":1}' }] },
      },
      {
        role: 'user',
        content: 'sunny',
        options: { toolResult: { id: '1', result: 'sunny', isError: false } },
      },
    ];
    expect(chat.request([{ messages, tools: [tool], stream: true }], new OpenAI())).toEqual({
      operation: 'chat',
      provider: 'openai',
      serverAddress: 'localhost',
      serverPort: 9999,
      model: 'gpt-4o',
      temperature: 0.1,
      topP: 1,
      maxTokens: undefined,
      stream: true,
      outputType: undefined,
      messages: [
        { role: 'system', parts: [{ type: 'text', content: 's' }] },
        { role: 'user', parts: [{ type: 'text', content: 'q' }] },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: '1', name: 'weather', arguments: { a: 1 } }],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: '1', response: 'sunny' }] },
      ],
      tools: [{ type: 'function', name: 'weather', description: 'd', parameters }],
    });
  });

  it('are asked all the same where they refuse to tell what they are', () => {
    const secretive = Object.defineProperty({}, 'metadata', {
      get() {
        throw new Error('no');
      },
    });
    expect(chat.request([], secretive)).toMatchObject({ operation: 'chat', messages: [], tools: [] });
    expect(complete.request([{ prompt: 'p' }], undefined)).toMatchObject({
      provider: 'unknown',
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'p' }] }],
    });
  });

  it('answer with what the vendor has said', () => {
    const raw = {
      id: 'c',
      model: 'gpt-4o-1',
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'a' } }],
      usage: { prompt_tokens: 3, completion_tokens: 2 },
    };
    expect(chat.response({ message: { role: 'assistant', content: 'a' }, raw })).toMatchObject({
      id: 'c',
      model: 'gpt-4o-1',
      finishReasons: ['stop'],
      usage: { input: 3, output: 2 },
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: 'a' }], finish_reason: 'stop' }],
    });
    expect(chat.response({ message: { role: 'assistant', content: 'a' }, raw: null })).toEqual({
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: 'a' }] }],
    });
    expect(chat.response(undefined)).toEqual({ messages: [] });
  });

  it('stream: calls of tools grow, and usage comes last', () => {
    const stream = chat.accumulator!();
    const chunk = (input: unknown) => ({
      delta: '',
      options: { toolCall: [{ id: '1', name: 'weather', input }] },
    });
    stream.add({
      delta: 'hm',
      options: {},
      raw: { id: 'c', choices: [{ index: 0, delta: { content: 'hm' } }] },
    });
    stream.add(chunk('{"a":'));
    stream.add(chunk({ a: 1 }));
    stream.add({ delta: '', raw: { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } } });
    expect(stream.response()).toMatchObject({
      id: 'c',
      usage: { input: 3, output: 2 },
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'hm' },
            { type: 'tool_call', id: '1', name: 'weather', arguments: { a: 1 } },
          ],
        },
      ],
    });
  });

  it('embed texts, and details of messages', () => {
    const embedder = Object.assign(() => {}, { model: 'e', dimensions: 3 });
    expect(embed.request([['a', 'b']], embedder)).toMatchObject({
      operation: 'embeddings',
      model: 'e',
      dimensions: 3,
      messages: [
        { role: 'user', parts: [{ type: 'text', content: 'a' }] },
        { role: 'user', parts: [{ type: 'text', content: 'b' }] },
      ],
    });
    expect(embed.request([{ type: 'text', text: 'q' }], embedder).messages).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'q' }] },
    ]);
    expect(
      embed.response([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual({ dimensions: 2 });
    expect(embed.response([1, 2, 3])).toEqual({ dimensions: 3 });
    expect(embed.response(null)).toEqual({ dimensions: undefined });
  });

  it("are of the vendor their class is named after, or one it is derived from, or their server's", () => {
    expect(vendorOf(new Groq()).provider).toBe('groq');
    expect(vendorOf(Object.assign(new OpenAI(), { baseURL: 'https://api.deepseek.com/v1' })).provider).toBe(
      'deepseek',
    );
    expect(vendorOf(new (class Mine {})()).provider).toBe('mine');
    expect(vendorOf(null).provider).toBe('unknown');
  });
});

describe('What vendors answer', () => {
  it.each([
    [
      { type: 'message', id: 'm', stop_reason: 'end_turn', usage: { input_tokens: 1, output_tokens: 2 } },
      1,
      2,
    ],
    [{ candidates: [], usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 } }, 1, 2],
    [{ model: 'llama', prompt_eval_count: 1, eval_count: 2 }, 1, 2],
    [{ choices: [{ finishReason: 'stop' }], usage: { promptTokens: 1, completionTokens: 2 } }, 1, 2],
    [{ object: 'response', usage: { input_tokens: 1, output_tokens: 2 }, output: [] }, 1, 2],
  ])('is known by its fields: %j', (raw, input, output) => {
    expect(rawResponse(raw).usage).toMatchObject({ input, output });
  });

  it('is nothing where it is not known', () => {
    expect(rawResponse({ anything: 1 })).toEqual({});
    expect(rawResponse('text')).toEqual({});
  });
});

describe('Messages and nodes', () => {
  it('leave out what is binary', () => {
    const content = [
      { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' },
      { type: 'file', data: new Uint8Array(7), mimeType: 'application/pdf' },
      { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
    ];
    expect(messageOf({ role: 'user', content }).parts).toEqual([
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 5 },
      expect.objectContaining({ type: 'blob', mime_type: 'application/pdf', bytes: 7 }),
      { type: 'uri', modality: 'image', uri: 'https://x.test/a.png' },
    ]);
    expect(plainText(content)).toBeUndefined();
    expect(plainText({ query: 'q' })).toBe('q');
  });

  it('leave out vectors, and ask no getter that complains', () => {
    const node = { id_: 'n', text: 't', metadata: { a: 1 }, embedding: [1, 2, 3] };
    expect(nodesOf([{ node, score: 0.5 }])).toEqual([{ id: 'n', text: 't', metadata: { a: 1 }, score: 0.5 }]);
    const answer = {
      message: { role: 'assistant', content: 'a' },
      sourceNodes: [{ node, score: 0.5 }],
      get delta() {
        throw new Error('only of streams');
      },
    };
    expect(answerText(answer)).toBe('a');
    expect(answerOf(answer)).toEqual({
      response: 'a',
      source_nodes: [{ id: 'n', text: 't', metadata: { a: 1 }, score: 0.5 }],
    });
    expect(answerOf({ message: { content: 'a' } })).toBe('a');
    expect(nodesOf(undefined)).toEqual([]);
    expect(toolDefinition(null)).toMatchObject({ type: 'function', name: undefined });
  });
});
