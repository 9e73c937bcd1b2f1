import { expect, it, vi } from 'vitest';
import { aliasesOf } from '../../src/telemetry/exporters/platform-alias-table';
import { withPlatformAliases } from '../../src/telemetry/exporters/platform-aliases';
import { fakeSpan } from './fake-span';

it('gives a model call the older names', () => {
  expect(
    aliasesOf({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.stream': true,
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.cache_write.input_tokens': 3,
      'gen_ai.usage.reasoning.output_tokens': 2,
      'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'be brief' }]),
      'gen_ai.input.messages': JSON.stringify([
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'a' },
            { type: 'text', content: 'b' },
          ],
        },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { x: 1 } }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { y: 2 } }] },
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'see' },
            { type: 'blob', mime_type: 'image/png' },
          ],
        },
      ]),
      'gen_ai.output.messages': JSON.stringify([
        {
          role: 'assistant',
          finish_reason: 'stop',
          parts: [
            { type: 'reasoning', content: 'hm' },
            { type: 'text', content: 'z' },
          ],
        },
      ]),
    }),
  ).toEqual({
    'gen_ai.system': 'openai',
    'llm.request.type': 'chat',
    'llm.is_streaming': true,
    'respan.entity.log_type': 'chat',
    'respan.entity.log_method': 'ts_tracing',
    'gen_ai.usage.prompt_tokens': 10,
    'gen_ai.usage.completion_tokens': 5,
    'gen_ai.usage.total_tokens': 15,
    'llm.usage.total_tokens': 15,
    'gen_ai.usage.cache_read_input_tokens': 4,
    'gen_ai.usage.cache_creation_input_tokens': 3,
    'gen_ai.usage.reasoning_tokens': 2,
    'gen_ai.prompt.0.role': 'system',
    'gen_ai.prompt.0.content': 'be brief',
    'gen_ai.prompt.1.role': 'user',
    'gen_ai.prompt.1.content': 'a\nb',
    'gen_ai.prompt.2.role': 'assistant',
    'gen_ai.prompt.2.tool_calls.0.id': 'c1',
    'gen_ai.prompt.2.tool_calls.0.name': 'f',
    'gen_ai.prompt.2.tool_calls.0.arguments': '{"x":1}',
    'gen_ai.prompt.3.role': 'tool',
    'gen_ai.prompt.3.content': '{"y":2}',
    'gen_ai.prompt.3.tool_call_id': 'c1',
    'gen_ai.prompt.4.role': 'user',
    'gen_ai.prompt.4.content': '[{"type":"text","content":"see"},{"type":"blob","mime_type":"image/png"}]',
    'gen_ai.completion.0.role': 'assistant',
    'gen_ai.completion.0.content': 'z',
    'gen_ai.completion.0.finish_reason': 'stop',
  });
});

it('counts only the tokens that are known', () => {
  const embedding = { 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.input_tokens': 7 };
  expect(aliasesOf(embedding)).toMatchObject({
    'gen_ai.usage.total_tokens': 7,
    'llm.request.type': 'embedding',
  });
  expect(aliasesOf({ 'gen_ai.operation.name': 'chat' })).not.toHaveProperty(['gen_ai.usage.total_tokens']);
});

it.each([
  '{',
  '[1,null]',
  '{"a":1}',
  'null',
  '"text"',
  '[{"role":1,"parts":{}}]',
  '[{"parts":[null,{"type":2}]}]',
])('survives messages that are %s', (messages) => {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': messages,
    'gen_ai.system_instructions': messages,
  };
  expect(() => aliasesOf(attributes)).not.toThrow();
});

it('lets a span pass whose attributes cannot even be read', () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const hostile = fakeSpan();
  Object.defineProperty(hostile.attributes, 'gen_ai.operation.name', {
    get() {
      throw new Error('no');
    },
  });
  expect(withPlatformAliases(hostile)).toBe(hostile);
});

it('leaves the span itself alone, and other spans without any', () => {
  const other = fakeSpan({ attributes: { 'http.request.method': 'GET' } });
  expect(withPlatformAliases(other)).toBe(other);
  const span = fakeSpan({ attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.system': 'its own' } });
  const aliased = withPlatformAliases(span);
  expect(Object.keys(span.attributes)).toEqual(['gen_ai.operation.name', 'gen_ai.system']);
  expect(aliased.attributes).toMatchObject({ 'llm.request.type': 'chat', 'gen_ai.system': 'its own' });
  expect(aliased.spanContext().spanId).toBe(span.spanContext().spanId);
});
