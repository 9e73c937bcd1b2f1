import { describe, expect, it } from 'vitest';
import { requestAttributes, responseAttributes } from '../../src/instruments/genai/to-attributes';
import { chat, embeddings, rerank, textGeneration } from '../../src/instruments/shapes/watsonx/operations';
import { dataOf } from '../../src/instruments/shapes/watsonx/stream';

const OPERATIONS = { chat, textGeneration, embeddings, rerank };
const sender = { baseURL: 'https://eu-de.ml.cloud.ibm.com' };
const ODD: unknown[] = [
  undefined,
  null,
  7,
  'data: {"results": 5}',
  'data: {broken',
  'data: null',
  [],
  {},
  { results: [null, { generated_text: 5, input_token_count: 'x' }], input_token_count: {} },
  { data: { results: [null, {}], choices: [null, { delta: 7 }] } },
  { messages: [null, { content: 5 }], inputs: [null, 5, {}], parameters: 'x', query: 7 },
];

describe.each(Object.entries(OPERATIONS))('%s', (_name, operation) => {
  it.each(ODD.map((value, index) => [index, value] as const))('survives odd input %i', (_index, value) => {
    const body = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    expect(requestAttributes(operation.request(body, sender), true)).toMatchObject({
      'gen_ai.provider.name': 'ibm.watsonx.ai',
      'server.address': 'eu-de.ml.cloud.ibm.com',
    });
    expect(responseAttributes(operation.response(value), true)).not.toHaveProperty(
      'gen_ai.usage.output_tokens',
    );
    const accumulator = operation.accumulator?.();
    accumulator?.add(value);
    expect(responseAttributes(accumulator?.response() ?? {}, true)).not.toHaveProperty(
      'gen_ai.usage.output_tokens',
    );
  });
});

it('reads events as objects and as lines', () => {
  expect(dataOf({ id: 1, event: 'message', data: { a: 1 } })).toEqual({ a: 1 });
  expect(dataOf('data: {"a":1}\n')).toEqual({ a: 1 });
  for (const line of ['id: 1', 'event: message', '', 'data: [DONE]', 'data: {"a"'])
    expect(dataOf(line)).toBeUndefined();
});

it('adds up the results of a batch, and a stream keeps the largest counts', () => {
  const results = [
    { generated_text: 'a', input_token_count: 3, generated_token_count: 1, stop_reason: 'eos_token' },
    { generated_text: 'b', input_token_count: 4, generated_token_count: 2, stop_reason: 'max_tokens' },
  ];
  expect(textGeneration.response({ model_id: 'm', results })).toMatchObject({
    usage: { input: 7, output: 3 },
    finishReasons: ['eos_token', 'max_tokens'],
  });
  const accumulator = textGeneration.accumulator!();
  for (const [text, input, output, reason] of [
    ['', 5, 0, 'not_finished'],
    ['a', 0, 1, 'not_finished'],
    ['b', 0, 2, 'eos_token'],
  ] as const) {
    const result = {
      generated_text: text,
      input_token_count: input,
      generated_token_count: output,
      stop_reason: reason,
    };
    accumulator.add({ data: { model_id: 'm', results: [result] } });
  }
  expect(accumulator.response()).toMatchObject({
    model: 'm',
    usage: { input: 5, output: 2 },
    finishReasons: ['eos_token'],
    messages: [{ parts: [{ content: 'ab' }] }],
  });
});

it('has no finish reason while nothing has finished', () => {
  const accumulator = textGeneration.accumulator!();
  accumulator.add({ data: { results: [{ generated_text: 'a', stop_reason: 'not_finished' }] } });
  const { finishReasons, messages } = accumulator.response();
  expect(finishReasons).toEqual([]);
  expect(messages).toEqual([{ role: 'assistant', parts: [{ type: 'text', content: 'a' }] }]);
});
