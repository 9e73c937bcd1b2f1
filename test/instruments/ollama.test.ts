import { describe, expect, it } from 'vitest';
import { chat } from '../../src/instruments/shapes/ollama/chat';
import { embed, embeddings } from '../../src/instruments/shapes/ollama/embed';
import { generate } from '../../src/instruments/shapes/ollama/generate';
import { survivesOddValues } from './odd-values';

const sender = { baseURL: 'http://127.0.0.1:11434' };

describe.each(Object.entries({ chat, generate, embed, embeddings }))('%s', (_name, operation) => {
  survivesOddValues(operation, sender);
});

describe('a chat request', () => {
  it('knows server, model and parameters', () => {
    const request = chat.request(
      {
        model: 'qwen3',
        think: 'low',
        format: { type: 'object' },
        options: { temperature: 0, top_p: 1, top_k: 5, num_predict: 7, seed: 0, stop: ['a', 'b'] },
      },
      sender,
    );
    expect(request).toMatchObject({
      operation: 'chat',
      provider: 'ollama',
      model: 'qwen3',
      serverAddress: '127.0.0.1',
      serverPort: 11434,
      temperature: 0,
      topP: 1,
      topK: 5,
      maxTokens: 7,
      seed: 0,
      stopSequences: ['a', 'b'],
      reasoningEffort: 'low',
      outputType: 'json',
    });
    expect(request.stream).toBeUndefined();
  });

  it('takes no limit for a number of tokens', () => {
    expect(chat.request({ options: { num_predict: -2 } }, sender).maxTokens).toBeUndefined();
  });

  it('keeps images as placeholders, whatever they come as', () => {
    const bytes = Buffer.from('89504e470d0a1a0a00', 'hex');
    const images = [bytes, bytes.buffer, bytes.toString('base64'), '/a/b.png', 'C:\\b', 7];
    const { messages } = chat.request({ messages: [{ role: 'user', content: '', images }] }, sender);
    expect(messages?.[0]?.parts).toEqual([
      { type: 'blob', modality: 'image', bytes: 9 },
      { type: 'blob', modality: 'image', bytes: bytes.buffer.byteLength },
      { type: 'blob', modality: 'image', bytes: 9 },
      { type: 'uri', modality: 'image', uri: '/a/b.png' },
      { type: 'uri', modality: 'image', uri: 'C:\\b' },
      { type: 'blob', modality: 'image' },
    ]);
  });
});

describe('a stream', () => {
  it('is put together again, with what its last event counts', () => {
    const accumulator = chat.accumulator!();
    for (const event of [
      { model: 'm', message: { role: 'assistant', thinking: 'th' }, done: false },
      { model: 'm', message: { thinking: 'ink', content: '' }, done: false },
      {
        model: 'm',
        message: { content: 'a', tool_calls: [{ function: { name: 'f', arguments: '{"x":1}' } }] },
      },
      { model: 'm', message: { content: 'b' } },
      { done: true, done_reason: 'stop', prompt_eval_count: 3, eval_count: 0 },
    ]) {
      accumulator.add(event);
    }
    expect(accumulator.response()).toEqual({
      model: 'm',
      finishReasons: ['stop'],
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'think' },
            { type: 'text', content: 'ab' },
            { type: 'tool_call', name: 'f', arguments: { x: 1 } },
          ],
          finish_reason: 'stop',
        },
      ],
      usage: { input: 3, output: 0 },
    });
  });

  it('says nothing of what did not come', () => {
    expect(generate.accumulator!().response()).toEqual({
      model: undefined,
      finishReasons: [],
      messages: [],
      usage: undefined,
    });
  });
});

describe('a generated picture', () => {
  it('is a placeholder', () => {
    const { messages } = generate.response({ model: 'm', image: 'AAAA', done: true, done_reason: 'stop' });
    expect(messages?.[0]?.parts).toEqual([{ type: 'blob', modality: 'image', bytes: 3 }]);
  });
});
