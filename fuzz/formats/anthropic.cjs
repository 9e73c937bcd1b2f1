'use strict';
/** What Anthropic's messages API answers. */
const usage = {
  input_tokens: 9,
  output_tokens: 3,
  cache_read_input_tokens: 1,
  cache_creation_input_tokens: 0,
};
const message = (content, stop_reason) => ({
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content, stop_reason },
  ...{ stop_sequence: null, usage },
});
const text = { type: 'text', text: 'Hello.', citations: null };
const thinking = { type: 'thinking', thinking: 'hm', signature: 'c2ln' };
const tool = { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'sky' } };

function events(random) {
  const useTool = random.chance(0.3);
  const blocks = useTool
    ? [
        [
          { ...tool, input: {} },
          ...['{"at":', '"sky"}'].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
        ],
      ]
    : [
        [
          { ...thinking, thinking: '' },
          { type: 'thinking_delta', thinking: 'hm' },
          { type: 'signature_delta', signature: 'c2ln' },
        ],
        [
          { ...text, text: '' },
          { type: 'text_delta', text: 'Hé' },
          { type: 'text_delta', text: 'llo 😀' },
        ],
      ];
  return [
    { type: 'message_start', message: { ...message([], null), usage: { ...usage, output_tokens: 1 } } },
    ...blocks.flatMap(([content_block, ...deltas], index) => [
      { type: 'content_block_start', index, content_block },
      { type: 'ping' },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason: useTool ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: 3 },
    },
    { type: 'message_stop' },
  ].map((data) => ({ event: data.type, data }));
}

exports.answer = function answer({ url, body }, random) {
  if (url.includes('count_tokens')) return { json: { input_tokens: 9 } };
  if (url.includes('/complete')) {
    const one = {
      type: 'completion',
      id: 'compl_1',
      completion: ' Hello.',
      stop_reason: 'stop_sequence',
      model: 'claude-2',
    };
    return body?.stream ? { events: [{ event: 'completion', data: one }] } : { json: one };
  }
  if (body?.stream) return { events: events(random) };
  return { json: random.chance(0.3) ? message([tool], 'tool_use') : message([thinking, text], 'end_turn') };
};
