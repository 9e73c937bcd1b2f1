'use strict';
/** What an OpenAI-compatible API answers, as its reference describes it. */
const usage = {
  prompt_tokens: 9,
  completion_tokens: 3,
  total_tokens: 12,
  prompt_tokens_details: { cached_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 1 },
};
const toolCall = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"at":"sky"}' } };
const about = (object) => ({
  id: 'chatcmpl-1',
  object,
  created: 1,
  model: 'gpt-4o-mini-2024-07-18',
  system_fingerprint: 'fp',
});

const completion = (random) => ({
  ...about('chat.completion'),
  choices: [
    random.chance(0.3)
      ? {
          index: 0,
          message: { role: 'assistant', content: null, tool_calls: [toolCall] },
          finish_reason: 'tool_calls',
        }
      : {
          index: 0,
          message: { role: 'assistant', content: 'Hello.', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
  ],
  usage,
});

function chunks(random) {
  const chunk = (choices, more) => ({ data: { ...about('chat.completion.chunk'), choices, ...more } });
  const of = (delta, finish_reason = null) => chunk([{ index: 0, delta, finish_reason }]);
  const deltas = random.chance(0.3)
    ? [
        of({ tool_calls: [{ index: 0, ...toolCall, function: { name: 'look', arguments: '' } }] }),
        of({ tool_calls: [{ index: 0, function: { arguments: '{"at":' } }] }),
        of({ tool_calls: [{ index: 0, function: { arguments: '"sky"}' } }] }),
        of({}, 'tool_calls'),
      ]
    : [of({ content: 'Hé' }), of({ content: 'llo 😀' }), of({}, 'stop')];
  const last = random.chance(0.5) ? [chunk([], { usage })] : [];
  const done = random.chance(0.9) ? [{ data: '[DONE]' }] : [];
  return [of({ role: 'assistant', content: '' }), ...deltas, ...last, ...done];
}

const output = [
  { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'thinking' }] },
  {
    ...{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' },
    content: [{ type: 'output_text', text: 'Hello.', annotations: [] }],
  },
  {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: 'look',
    arguments: '{}',
    status: 'completed',
  },
];
const answerOfResponses = {
  ...{
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'gpt-4o-mini',
    error: null,
  },
  ...{
    output,
    tools: [],
    parallel_tool_calls: true,
    instructions: null,
    metadata: {},
    incomplete_details: null,
  },
  usage: {
    ...{ input_tokens: 9, output_tokens: 3, total_tokens: 12 },
    ...{ input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
  },
};

const eventsOfResponses = () => {
  const begun = { ...answerOfResponses, status: 'in_progress', output: [], usage: null };
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  return [
    { type: 'response.created', response: begun },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...output[1], status: 'in_progress', content: [] },
    },
    {
      type: 'response.content_part.added',
      ...place,
      part: { type: 'output_text', text: '', annotations: [] },
    },
    { type: 'response.output_text.delta', ...place, delta: 'Hel' },
    { type: 'response.output_text.delta', ...place, delta: 'lo.' },
    { type: 'response.output_text.done', ...place, text: 'Hello.' },
    { type: 'response.content_part.done', ...place, part: output[1].content[0] },
    { type: 'response.output_item.done', output_index: 0, item: output[1] },
    { type: 'response.completed', response: answerOfResponses },
  ].map((data, sequence_number) => ({ event: data.type, data: { ...data, sequence_number } }));
};

const embedding = (index) => ({ object: 'embedding', index, embedding: [0.1, 0.2] });

exports.chat = (random, body) => (body?.stream ? { events: chunks(random) } : { json: completion(random) });

exports.answer = function answer({ url, body }, random) {
  if (url.includes('/chat/completions')) return exports.chat(random, body);
  if (url.includes('/responses'))
    return body?.stream ? { events: eventsOfResponses() } : { json: answerOfResponses };
  if (url.includes('/embeddings')) {
    return {
      json: {
        object: 'list',
        model: 'e',
        data: [embedding(0), embedding(1)],
        usage: { prompt_tokens: 2, total_tokens: 2 },
      },
    };
  }
  if (url.includes('/completions')) {
    const one = (text, finish_reason) => ({
      ...about('text_completion'),
      choices: [{ index: 0, text, finish_reason, logprobs: null }],
    });
    if (body?.stream)
      return { events: [{ data: one('upon ', null) }, { data: one('a time', 'stop') }, { data: '[DONE]' }] };
    return { json: { ...one('upon a time', 'stop'), usage } };
  }
  if (url.includes('/images'))
    return { json: { created: 1, data: [{ b64_json: 'AAAA', revised_prompt: 'a big cat' }] } };
  if (url.includes('/audio')) return { bytes: Buffer.from('not really sound'), type: 'audio/mpeg' };
  if (url.includes('/moderations'))
    return { json: { id: 'modr-1', model: 'm', results: [{ flagged: false, categories: {} }] } };
  return { json: { object: 'list', data: [{ id: 'gpt-4o-mini', object: 'model' }] } };
};
