import { describe, expect, it } from 'vitest';
import { requestAttributes, responseAttributes } from '../../src/instruments/genai/to-attributes';
import type { ModelRequest, ModelResponse } from '../../src/instruments/genai/types';
import {
  chatCompletion,
  TextGenerationAccumulator,
  taskRequest,
  taskResponse,
} from '../../src/instruments/transformers/hosted-operations';
import { pipelineRequest, pipelineResponse } from '../../src/instruments/transformers/pipeline-calls';
import { isTask, operationOf, spanSuffix } from '../../src/instruments/transformers/tasks';
import { inputsOf, inputTokens, outputTokens } from '../../src/instruments/transformers/token-counts';

const TASKS = ['text-generation', 'feature-extraction', 'image-segmentation', 'text-to-speech', 'novel-task'];
const circular: Record<string, unknown> = {};
circular.inputs = circular;
const ODD: unknown[] = [
  undefined,
  null,
  5,
  'text',
  [],
  [null, [undefined]],
  {},
  circular,
  { inputs: 5, parameters: 'x', data: null, model: {}, provider: 7, endpointUrl: {} },
  { inputs: [[1, null, { deep: [new Uint8Array(3)] }]], parameters: { candidate_labels: 3 } },
  [{ generated_text: [] }, { generated_text: [null] }, { score: Number.NaN, label: Symbol('x') }],
  { dims: 'none', data: 5 },
  { details: 5, generated_text: 1n },
];

const attributes = (request: ModelRequest) => requestAttributes(request, true);
const answered = (response: ModelResponse) => responseAttributes(response, true);

describe.each(TASKS)('%s', (task) => {
  it.each(ODD.map((value, index) => [index, value] as const))('survives odd input %i', (_, value) => {
    const args = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    expect(attributes(taskRequest(task, args))).toHaveProperty('gen_ai.operation.name');
    expect(attributes(pipelineRequest(task, [value, value], { model: value }))).toBeDefined();
    expect(answered(taskResponse(task, value))).toBeDefined();
    expect(answered(pipelineResponse(task, value))).toBeDefined();
    const accumulator = new TextGenerationAccumulator();
    accumulator.add(value);
    expect(answered(accumulator.response())).toBeDefined();
  });
});

it('knows what every task is', () => {
  expect(operationOf('translation_en_to_fr')).toBe('translation');
  expect(operationOf('feature-extraction')).toBe('embeddings');
  expect(operationOf('anything-to-anything')).toBe('request');
  expect([isTask('summarization'), isTask('my task')]).toEqual([true, false]);
  expect(spanSuffix('zero-shot-image-classification')).toBe('zero_shot_image_classification');
});

describe('a hosted task', () => {
  it('names the endpoint, the provider behind the router and neither token nor bytes', () => {
    const request = taskRequest('text-to-image', {
      accessToken: 'hf_secret',
      model: 'org/model',
      provider: 'together',
      inputs: 'a cat',
      parameters: { negative_prompt: 'dogs', seed: 3, temperature: 1 },
    });
    expect(request).toMatchObject({
      operation: 'image_generation',
      model: 'org/model',
      outputType: 'image',
      seed: 3,
      extra: { 'huggingface.provider': 'together' },
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'a cat' },
            { type: 'text', content: 'dogs', name: 'negative_prompt' },
          ],
        },
      ],
    });
    expect(JSON.stringify(request)).not.toContain('secret');
    expect(request.serverAddress).toBeUndefined();
    // Up to 3.x a model may be a URL.
    const byUrl = taskRequest('summarization', { model: 'https://x.endpoints.huggingface.cloud/y' });
    expect(byUrl).toMatchObject({ serverAddress: 'x.endpoints.huggingface.cloud', serverPort: 443 });
    expect(byUrl.model).toBeUndefined();
    const chat = chatCompletion.request({ endpointUrl: 'http://localhost:8080', provider: 'auto' });
    expect(chat).toMatchObject({ provider: 'huggingface', serverAddress: 'localhost', serverPort: 8080 });
    expect(chat.extra?.['huggingface.provider']).toBeUndefined();
  });

  it('knows vectors by their length, however deep they are', () => {
    for (const answer of [[1, 2, 3], [[1, 2, 3]], [[[1, 2, 3]]], { dims: [2, 3] }, new Float32Array(3)]) {
      expect(taskResponse('feature-extraction', answer)).toEqual({ dimensions: 3 });
    }
    expect(taskResponse('feature-extraction', 'x').dimensions).toBeUndefined();
  });

  it('takes counts from the details and invents none', () => {
    expect(taskResponse('text-generation', { generated_text: 'x' }).usage).toBeUndefined();
    const details = { finish_reason: 'length', generated_tokens: 0, prefill: [] };
    expect(taskResponse('text-generation', { generated_text: 'x', details })).toMatchObject({
      finishReasons: ['length'],
      usage: { input: undefined, output: 0 },
    });
  });

  it('says nothing of a stream that said nothing', () => {
    const accumulator = new TextGenerationAccumulator();
    expect(accumulator.response()).toEqual({});
    accumulator.add({ token: { text: 'a', special: false } });
    accumulator.add({ token: { text: '</s>', special: true } });
    expect(accumulator.response().messages?.[0]?.parts).toEqual([{ type: 'text', content: 'a' }]);
  });

  it('leaves out bytes wherever they are', () => {
    const answer = [
      { label: 'cat', mask: 'AAAA' },
      { audio: new Float32Array(2), sampling_rate: 16000 },
    ];
    expect(taskResponse('image-segmentation', answer).messages?.[0]?.parts).toEqual([
      { type: 'result', label: 'cat', mask: { type: 'blob', modality: 'document', bytes: 3 } },
      { type: 'blob', modality: 'audio', bytes: 8 },
    ]);
    const depth = { predicted_depth: { dims: [4, 4], data: new Float32Array(16) } };
    expect(taskResponse('depth-estimation', depth).messages?.[0]?.parts).toEqual([
      { type: 'result', predicted_depth: { type: 'tensor', dims: [4, 4] } },
    ]);
  });
});

describe('a pipeline', () => {
  const user = { role: 'user', content: 'hello' };

  it('is a chat where it is given messages, one or many', () => {
    expect(pipelineRequest('text-generation', [[user]], undefined)).toMatchObject({ operation: 'chat' });
    const batch = pipelineRequest('text-generation', [[[user], [user]], { max_new_tokens: 3 }], undefined);
    expect(batch).toMatchObject({ operation: 'chat', maxTokens: 3 });
    expect(batch.messages).toHaveLength(2);
    expect(pipelineRequest('text-generation', ['hello'], undefined)).toMatchObject({
      operation: 'text_completion',
    });
  });

  it('is answered with what is new', () => {
    const answer = [{ generated_text: [user, { role: 'assistant', content: 'hi' }] }];
    const said = [{ role: 'assistant', parts: [{ type: 'text', content: 'hi' }] }];
    expect(pipelineResponse('text-generation', answer).messages).toEqual(said);
    expect(pipelineResponse('text-generation', [answer, answer]).messages).toEqual([...said, ...said]);
  });

  it('takes top_k for sampling only where something is written', () => {
    expect(pipelineRequest('text-generation', ['x', { top_k: 3 }], undefined).topK).toBe(3);
    expect(pipelineRequest('text-classification', ['x', { top_k: 3 }], undefined).topK).toBeUndefined();
  });

  it('tells images by where they are', () => {
    const [message] = pipelineRequest('image-classification', ['https://host/cat.png'], undefined).messages!;
    expect(message?.parts).toEqual([{ type: 'uri', modality: 'image', uri: 'https://host/cat.png' }]);
  });
});

describe('token counts', () => {
  const ids = (dims: number[], data: number[]) => ({
    dims,
    type: 'int64',
    data: BigInt64Array.from(data.map(BigInt)),
  });

  it('counts what the mask shows', () => {
    const inputs = {
      input_ids: ids([2, 3], [1, 2, 3, 4, 0, 0]),
      attention_mask: ids([2, 3], [1, 1, 1, 1, 0, 0]),
    };
    expect(inputTokens(inputs)).toBe(4);
  });

  it('counts without a mask, as before 3.x', () => {
    const inputs = inputsOf([ids([2, 3], [1, 2, 3, 4, 0, 0]), { max_new_tokens: 2 }, null, {}]);
    expect(inputTokens(inputs, { pad_token_id: 0, is_encoder_decoder: true })).toBe(4);
    // What only decodes may end a text with what it fills up with.
    expect(inputTokens(inputs, { pad_token_id: 0 })).toBe(6);
  });

  it('counts no images and no sounds', () => {
    expect(inputTokens({ inputs: { dims: [1, 80, 3000], type: 'float32' } })).toBeUndefined();
    expect(inputTokens({ pixel_values: {} })).toBeUndefined();
  });

  it('counts what was written, without what was read', () => {
    const inputs = { input_ids: ids([2, 3], [1, 2, 3, 4, 5, 6]) };
    expect(outputTokens(ids([2, 5], [1, 2, 3, 7, 7, 4, 5, 6, 8, 8]), inputs, false)).toBe(4);
    expect(outputTokens({ sequences: ids([2, 5], Array(10).fill(1)) }, inputs, false)).toBe(4);
    expect(outputTokens([[1, 2, 3, 7]], { input_ids: [1, 2, 3] }, false)).toBe(1);
    expect(
      outputTokens(
        [
          [
            [1, 2, 3, 7],
            [1, 2, 3, 7, 8],
          ],
        ],
        { input_ids: [1, 2, 3] },
        false,
      ),
    ).toBe(3);
    expect(outputTokens(ids([1, 4], [0, 1, 2, 3]), inputs, true)).toBe(3);
    expect(outputTokens(ids([1, 4], [0, 1, 2, 3]), { decoder_input_ids: [[0, 1]] }, true)).toBe(2);
    expect(outputTokens(undefined, {}, true)).toBeUndefined();
    expect(outputTokens(ids([1, 4], [0, 1, 2, 3]), {}, false)).toBeUndefined();
  });
});
