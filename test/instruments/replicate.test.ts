import { describe, expect, it } from 'vitest';
import type { WireOperation } from '../../src/instruments/genai/types';
import {
  EventAccumulator,
  predictionError,
  predictionRequest,
  predictionResponse,
} from '../../src/instruments/replicate/prediction';
import { survivesOddValues } from './odd-values';

const client = { baseUrl: 'https://api.replicate.com/v1' };

describe('whatever a prediction is', () => {
  const operation: WireOperation = {
    spanSuffix: 'run',
    request: (body) => predictionRequest(body.model, { input: body }, client),
    response: predictionResponse,
    accumulator: () => new EventAccumulator(() => ({ id: 'p' })),
  };
  survivesOddValues(operation, {});
});

describe('a request', () => {
  const partsOf = (input: unknown) =>
    predictionRequest('a/b', { input }, client).messages?.flatMap(({ parts }) => parts);

  it('knows model, version and server', () => {
    expect(predictionRequest('meta/llama:5c7d', {}, client)).toMatchObject({
      operation: 'generate_content',
      provider: 'replicate',
      model: 'meta/llama',
      serverAddress: 'api.replicate.com',
      serverPort: 443,
      extra: { 'replicate.model.version': '5c7d' },
    });
  });

  it('has placeholders for files', () => {
    const input = {
      image: new Uint8Array(5),
      input_audio: new Blob(['abc'], { type: 'audio/wav' }),
      mask: 'data:image/png;base64,AAAA',
      video: 'https://example.invalid/a.mp4',
      images: ['https://example.invalid/a', new Uint8Array(2)],
    };
    expect(partsOf(input)).toEqual([
      { type: 'blob', modality: 'image', bytes: 5, name: 'image' },
      { type: 'blob', modality: 'audio', mime_type: 'audio/wav', bytes: 3, name: 'input_audio' },
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3, name: 'mask' },
      { type: 'uri', modality: 'video', uri: 'https://example.invalid/a.mp4', name: 'video' },
      { type: 'uri', modality: 'image', uri: 'https://example.invalid/a', name: 'images' },
      { type: 'blob', modality: 'image', bytes: 2, name: 'images' },
    ]);
  });

  it('is bounded', () => {
    const deep: Record<string, unknown> = {};
    deep.deep = deep;
    const input = {
      text: 'x'.repeat(50_000),
      list: Array.from({ length: 1_000 }, (_, index) => index),
      deep,
      nested: { data: Buffer.alloc(100) },
    };
    const text = JSON.stringify(partsOf(input));
    expect(text.length).toBeLessThan(12_000);
    expect(text).toContain('"bytes":100');
  });
});

describe('a prediction', () => {
  it.each([
    [['a', 'b'], [{ type: 'text', content: 'ab' }]],
    ['ab', [{ type: 'text', content: 'ab' }]],
    ['see https://example.invalid', [{ type: 'text', content: 'see https://example.invalid' }]],
    ['https://x.invalid/a.webp?b', [{ type: 'uri', modality: 'image', uri: 'https://x.invalid/a.webp?b' }]],
    [['https://x.invalid/a.mp4'], [{ type: 'uri', modality: 'video', uri: 'https://x.invalid/a.mp4' }]],
    ['data:audio/wav;base64,AAAA', [{ type: 'blob', modality: 'audio', mime_type: 'audio/wav', bytes: 3 }]],
    [{ a: 1 }, [{ type: 'output', value: { a: 1 } }]],
    [['a', 1], [{ type: 'output', value: ['a', 1] }]],
    [7, [{ type: 'output', value: 7 }]],
  ])('answers %o', (output, parts) => {
    expect(predictionResponse({ output }).messages).toEqual([{ role: 'assistant', parts }]);
  });

  it.each([null, undefined, [], ''])('answers nothing: %o', (output) => {
    expect(predictionResponse({ output }).messages).toEqual([]);
  });

  it('counts what it counts, and nothing else', () => {
    expect(predictionResponse({ metrics: { input_token_count: 0 } }).usage).toEqual({ input: 0 });
    expect(predictionResponse({ metrics: { predict_time: 1 } }).usage).toBeUndefined();
    expect(predictionResponse({}).usage).toBeUndefined();
  });

  it('is an error where it failed or was canceled', () => {
    expect(predictionError({ status: 'failed', error: 'no' })).toMatchObject({
      message: 'Prediction failed: no',
      code: 'failed',
    });
    expect(predictionError({ status: 'canceled' })).toMatchObject({ message: 'Prediction canceled' });
    expect(predictionError({ status: 'succeeded' })).toBeUndefined();
    expect(predictionError(undefined)).toBeUndefined();
  });
});

describe('a stream', () => {
  it('knows its prediction, and how it ended', () => {
    const accumulator = new EventAccumulator(() => ({ id: 'p', model: 'a/b', status: 'starting' }));
    accumulator.add({ event: 'output', data: 'a' });
    accumulator.add({ event: 'logs', data: 'noise' });
    accumulator.add({ event: 'output', data: 'b' });
    expect(accumulator.response()).toMatchObject({ id: 'p', model: 'a/b' });
    expect(accumulator.response().extra?.['replicate.prediction.status']).toBeUndefined();
    accumulator.add({ event: 'done', data: '{"reason":"error"}' });
    expect(accumulator.response().messages?.[0]?.parts).toEqual([{ type: 'text', content: 'ab' }]);
    expect(predictionError(accumulator.prediction())).toMatchObject({ code: 'failed' });
  });
});
