import { expect, it } from 'vitest';
import { requestAttributes, responseAttributes } from '../../src/instruments/genai/to-attributes';
import type { Sender, WireOperation } from '../../src/instruments/genai/types';

const circular: Record<string, unknown> = { role: 'user' };
circular.content = [circular];

/** What no well-meaning app or server sends, and some do. */
export const ODD_VALUES: unknown[] = [
  undefined,
  null,
  0,
  '',
  'text',
  [],
  [null],
  {},
  circular,
  ...['x', 5, null, {}, [null], [1, 'x', {}], [{ type: 'new_thing' }], Number.NaN, 1n, { toString: 'x' }].map(
    (value) => ({
      ...{
        model: value,
        messages: value,
        prompt: value,
        input: value,
        inputs: value,
        tools: value,
        stop: value,
      },
      ...{ options: value, message: value, choices: value, usage: value, data: value, output: value },
      ...{
        response: value,
        thinking: value,
        images: value,
        embeddings: value,
        embedding: value,
        metrics: value,
      },
      ...{ outputs: value, pages: value, results: value, document: value, stream: value, temperature: value },
      ...{ done_reason: value, prompt_eval_count: value, eval_count: value, type: value, content: value },
    }),
  ),
  ...['x', 5, null, {}, [null], [{ type: 'new_thing' }], [{ type: 'text', text: 5 }], { toString: 'x' }].map(
    (value) => ({
      messages: [{ role: value, content: value, tool_calls: value, images: value, thinking: value }],
      message: { role: value, content: value, tool_calls: value, thinking: value },
      choices: [{ index: value, message: value, delta: value, finish_reason: value }],
      usage: { prompt_tokens: value, completion_tokens: value },
      metrics: { input_token_count: value },
    }),
  ),
];

/** Whatever comes, no mapping throws, and everything put on a span is of a kind that a span takes. */
export function survivesOddValues(operation: WireOperation, sender: Sender): void {
  it.each(ODD_VALUES.map((value, index) => [index, value] as const))('survives odd value %i', (_, value) => {
    const body = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    expectSound(requestAttributes(operation.request(body, sender), true));
    expectSound(responseAttributes(operation.response(value), true));
    const accumulator = operation.accumulator?.();
    if (!accumulator) return;
    expectSound(responseAttributes(accumulator.response(), true));
    accumulator.add(value);
    accumulator.add(value);
    expectSound(responseAttributes(accumulator.response(), true));
  });
}

function expectSound(attributes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(attributes)) {
    expect(name).toMatch(/^[\w.]+$/);
    if (Array.isArray(value)) for (const item of value) expect(item).toBeTypeOf('string');
    else expect(['string', 'number', 'boolean']).toContain(typeof value);
  }
}
