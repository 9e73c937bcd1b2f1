import { expect, it } from 'vitest';
import {
  isOfModel,
  laneOf,
  outcomeOf,
  toolResults,
  toolUses,
} from '../../src/instruments/claude_agent_sdk/messages';

it('reads tools from messages, and what they answered', () => {
  const content = [
    { type: 'text', text: 'x' },
    { type: 'tool_use', id: '1', name: 'Read', input: { a: 1 } },
  ];
  expect(toolUses({ message: { content } })).toEqual([{ id: '1', name: 'Read', input: { a: 1 } }]);
  expect(toolUses({ message: 'odd' })).toEqual([]);
  const results = [
    { type: 'tool_result', tool_use_id: '1', content: [{ type: 'text', text: 'all' }] },
    { type: 'tool_result', tool_use_id: '2', content: 'no', is_error: true },
    { type: 'tool_result' },
  ];
  expect(toolResults({ message: { content: results } })).toEqual([
    { id: '1', output: 'all', isError: false },
    { id: '2', output: 'no', isError: true },
  ]);
});

it('takes tokens and cost from the result', () => {
  const usage = {
    input_tokens: 1,
    cache_read_input_tokens: 2,
    cache_creation_input_tokens: 3,
    output_tokens: 4,
  };
  expect(outcomeOf({ subtype: 'success', result: 'done', usage, total_cost_usd: 0.5 })).toEqual({
    output: 'done',
    attributes: {
      'gen_ai.usage.input_tokens': 6,
      'gen_ai.usage.output_tokens': 4,
      'gen_ai.usage.cache_read.input_tokens': 2,
      'gen_ai.usage.cache_write.input_tokens': 3,
      'gen_ai.usage.cost': 0.5,
    },
  });
  expect(outcomeOf({ subtype: 'error_max_turns', errors: ['too many'] })).toEqual({
    output: undefined,
    attributes: {},
    error: { name: 'error_max_turns', message: 'too many' },
  });
  expect(outcomeOf({ subtype: 'success', is_error: true, result: 'API Error' }).error).toEqual({
    name: 'error_during_execution',
    message: 'API Error',
  });
});

it('knows whose messages they are', () => {
  expect(laneOf({ parent_tool_use_id: 'toolu_1' })).toBe('toolu_1');
  expect(laneOf({ parent_tool_use_id: null })).toBe('');
  expect(isOfModel({ message: { model: '<synthetic>' } })).toBe(false);
});
