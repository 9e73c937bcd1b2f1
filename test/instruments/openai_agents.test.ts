import { describe, expect, it } from 'vitest';
import {
  errorFrom,
  modelFactsOf,
  outcomeOf,
  roleOf,
  saidBy,
  saidTo,
} from '../../src/instruments/openai_agents/span-data';

describe('what a span of the framework is', () => {
  it('agents, tools, tasks, and what only groups others', () => {
    expect(roleOf({ type: 'agent', name: 'Poet' })).toMatchObject({
      as: 'entity',
      kind: 'agent',
      name: 'Poet',
    });
    expect(roleOf({ type: 'function', name: 'add' })).toMatchObject({
      as: 'entity',
      kind: 'tool',
      name: 'add',
    });
    expect(roleOf({ type: 'guardrail', name: 'no' })).toMatchObject({
      kind: 'task',
      spanName: 'no.guardrail',
    });
    expect(roleOf({ type: 'custom', name: 'own' })).toMatchObject({ kind: 'task', name: 'own' });
    expect(roleOf({ type: 'of tomorrow' })).toMatchObject({ kind: 'task', name: 'of tomorrow' });
    expect(roleOf({ type: 'turn' })).toEqual({ as: 'nothing' });
    expect(roleOf({ type: 'response' })).toEqual({ as: 'model', operation: 'chat' });
  });

  it('its outcome', () => {
    expect(outcomeOf({ type: 'function', input: '{"a":1}', output: 'text' })).toMatchObject({
      input: { a: 1 },
      output: 'text',
    });
    expect(outcomeOf({ type: 'handoff', from_agent: 'A', to_agent: 'B' }).attributes).toEqual({
      'respan.metadata.from_agent': 'A',
      'respan.metadata.to_agent': 'B',
    });
    expect(outcomeOf({})).toEqual({ attributes: {} });
  });
});

describe('model calls', () => {
  const items = [
    { type: 'message', role: 'user', content: 'hi' },
    { type: 'function_call', callId: 'c1', name: 'add', arguments: '{"a":1}' },
    { type: 'function_call_result', callId: 'c1', output: { type: 'text', text: '2' } },
  ];

  it('are read from an answer of the Responses API and the items before it', () => {
    const answer = {
      id: 'resp_1',
      model: 'gpt-4o',
      temperature: 0.5,
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'two' }] }],
      usage: { input_tokens: 3, output_tokens: 1 },
    };
    const { request, response } = modelFactsOf(
      { type: 'response', _input: items, _response: answer },
      'chat',
    );
    expect(request).toMatchObject({ model: 'gpt-4o', temperature: 0.5 });
    expect(request.messages).toMatchObject([
      { role: 'user' },
      { parts: [{ type: 'tool_call', id: 'c1', name: 'add', arguments: { a: 1 } }] },
      { parts: [{ type: 'tool_call_response', id: 'c1', response: '2' }] },
    ]);
    expect(response).toMatchObject({ id: 'resp_1', usage: { input: 3, output: 1 } });
    expect(saidBy(response)).toBe('two');
  });

  it('are read from what a model of any kind has filled in', () => {
    const data = {
      type: 'generation',
      model: 'own-1',
      input: [{ role: 'user', content: 'hi' }],
      usage: { input_tokens: 5, output_tokens: 2 },
    };
    const { request, response } = modelFactsOf(data, 'chat');
    expect(request).toMatchObject({ model: 'own-1', messages: [{ role: 'user' }] });
    expect(request.provider).toBeUndefined();
    expect(response.usage).toEqual({ input: 5, output: 2 });
    expect(modelFactsOf({ type: 'generation' }, 'chat').response.usage).toBeUndefined();
    expect(modelFactsOf({ type: 'response' }, 'chat').response.messages ?? []).toEqual([]);
  });

  it('say what an agent was told', () => {
    expect(saidTo({ type: 'response', _input: 'hi' })).toBe('hi');
    expect(saidTo({ type: 'response', _input: items.slice(0, 1) })).toBe('hi');
    expect(saidTo({ type: 'response', _input: items })).toHaveLength(3);
    expect(saidTo({ type: 'generation' })).toBeUndefined();
  });
});

it('reads errors', () => {
  expect(errorFrom(null)).toBeUndefined();
  expect(errorFrom({ message: 'Error running tool', data: { error: 'RangeError: x' } })?.message).toBe(
    'Error running tool: RangeError: x',
  );
  expect(errorFrom({})?.message).toBe('Error');
});
