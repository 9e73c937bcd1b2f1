import type { AwsAnswer, AwsCall } from './aws-provider';
import { event, exceptionEvent } from './event-stream';

const METRICS = {
  'amazon-bedrock-invocationMetrics': {
    inputTokenCount: 21,
    outputTokenCount: 9,
    invocationLatency: 5,
    firstByteLatency: 2,
  },
};

interface Family {
  model: RegExp;
  whole(call: AwsCall): unknown;
  chunks?: unknown[];
  /** Token counts that are in no body. */
  headers?: Record<string, string>;
}

const COUNTS = { 'x-amzn-bedrock-input-token-count': '21', 'x-amzn-bedrock-output-token-count': '9' };

const claude = (more = {}) => ({
  id: 'msg_bdrk_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-20250514',
  content: [{ type: 'text', text: 'MARK-ANSWER' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 4, output_tokens: 6, cache_read_input_tokens: 100, cache_creation_input_tokens: 20 },
  ...more,
});

const FAMILIES: Family[] = [
  {
    model: /claude-v2/,
    whole: () => ({ type: 'completion', completion: ' MARK-ANSWER', stop_reason: 'stop_sequence' }),
    headers: COUNTS,
    chunks: [
      { type: 'completion', completion: ' MARK-', stop_reason: null },
      { type: 'completion', completion: 'ANSWER', stop_reason: 'max_tokens', ...METRICS },
    ],
  },
  {
    model: /guarded/,
    whole: () =>
      claude({
        content: [{ type: 'text', text: 'MARK-ANSWER blocked' }],
        'amazon-bedrock-guardrailAction': 'INTERVENED',
        'amazon-bedrock-trace': { guardrail: { input: { gr1: { words: 'MARK-WORD' } } } },
      }),
  },
  {
    model: /anthropic\.|application-inference-profile/,
    whole: ({ body }) =>
      body.prompt
        ? { type: 'completion', completion: ' MARK-ANSWER', stop_reason: 'stop_sequence', stop: '\n\nHuman:' }
        : claude(
            body.tools
              ? {
                  content: [
                    { type: 'thinking', thinking: 'MARK-REASONING', signature: 's' },
                    { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'MARK-ARGS' } },
                  ],
                  stop_reason: 'tool_use',
                }
              : {},
          ),
    chunks: [
      { type: 'message_start', message: claude({ content: [], stop_reason: null }) },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'MARK-' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ANSWER ünï 🙂' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 6 } },
      { type: 'message_stop', ...METRICS },
    ],
  },
  {
    model: /nova-canvas|titan-image/,
    whole: () => ({ images: [Buffer.from('MARK-IMAGE').toString('base64')], error: null }),
  },
  {
    model: /stability/,
    whole: () => ({
      seeds: [7],
      finish_reasons: [null],
      images: [Buffer.from('MARK-IMAGE').toString('base64')],
    }),
  },
  {
    model: /nova/,
    whole: () => ({
      output: { message: { role: 'assistant', content: [{ text: 'MARK-ANSWER' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18, cacheReadInputTokenCount: 3 },
    }),
    chunks: [
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { text: 'MARK-' }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { text: 'ANSWER' }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' } },
      { metadata: { usage: { inputTokens: 11, outputTokens: 7 }, metrics: {}, trace: {} }, ...METRICS },
    ],
  },
  { model: /titan-embed/, whole: () => ({ embedding: [0.1, 0.2, 0.3], inputTextTokenCount: 5 }) },
  {
    model: /titan/,
    whole: () => ({
      inputTextTokenCount: 5,
      results: [{ tokenCount: 8, outputText: '\nMARK-ANSWER', completionReason: 'FINISH' }],
    }),
    chunks: [
      { outputText: 'MARK-', index: 0, totalOutputTextTokenCount: null, completionReason: null },
      {
        outputText: 'ANSWER',
        index: 0,
        totalOutputTextTokenCount: 8,
        completionReason: 'LENGTH',
        inputTextTokenCount: 5,
        ...METRICS,
      },
    ],
  },
  {
    model: /llama/,
    whole: () => ({
      generation: ' MARK-ANSWER',
      prompt_token_count: 5,
      generation_token_count: 8,
      stop_reason: 'stop',
    }),
    chunks: [
      { generation: 'MARK-', prompt_token_count: 5, generation_token_count: 1, stop_reason: null },
      { generation: 'ANSWER', prompt_token_count: null, generation_token_count: 2, stop_reason: null },
      {
        generation: '',
        prompt_token_count: null,
        generation_token_count: 3,
        stop_reason: 'stop',
        ...METRICS,
      },
    ],
  },
  {
    model: /cohere\.embed/,
    whole: () => ({
      id: 'emb_1',
      response_type: 'embeddings_by_type',
      embeddings: {
        float: [
          [0.1, 0.2],
          [0.3, 0.4],
        ],
      },
      texts: ['MARK-PROMPT'],
    }),
    headers: { 'x-amzn-bedrock-input-token-count': '21' },
  },
  {
    model: /rerank/,
    whole: () => ({
      id: 'rr_1',
      results: [
        { index: 1, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.1 },
      ],
    }),
  },
  {
    model: /cohere\.command-r/,
    whole: ({ body }) =>
      body.messages
        ? {
            id: 'c2_1',
            message: {
              role: 'assistant',
              tool_plan: 'MARK-PLAN',
              content: [{ type: 'text', text: 'MARK-ANSWER' }],
              tool_calls: [
                {
                  id: 'call_1',
                  type: 'function',
                  function: { name: 'weather', arguments: '{"city":"MARK-ARGS"}' },
                },
              ],
            },
            finish_reason: 'TOOL_CALL',
            usage: { tokens: { input_tokens: 12, output_tokens: 8 } },
          }
        : {
            response_id: 'resp_1',
            generation_id: 'gen_1',
            text: 'MARK-ANSWER',
            chat_history: [],
            finish_reason: 'COMPLETE',
            tool_calls: [{ name: 'weather', parameters: { city: 'MARK-ARGS' } }],
          },
    headers: COUNTS,
    chunks: [
      { event_type: 'stream-start', generation_id: 'gen_1', is_finished: false },
      { event_type: 'text-generation', text: 'MARK-', is_finished: false },
      { event_type: 'text-generation', text: 'ANSWER', is_finished: false },
      {
        event_type: 'stream-end',
        is_finished: true,
        finish_reason: 'COMPLETE',
        response: { response_id: 'resp_1', text: 'MARK-ANSWER', finish_reason: 'COMPLETE' },
        ...METRICS,
      },
    ],
  },
  {
    model: /cohere\.command/,
    whole: () => ({
      id: 'gen_0',
      generations: [{ id: 'g1', text: ' MARK-ANSWER', finish_reason: 'COMPLETE' }],
      prompt: 'MARK-PROMPT',
    }),
    headers: COUNTS,
    chunks: [
      { text: 'MARK-', is_finished: false, index: 0 },
      { text: 'ANSWER', is_finished: false, index: 0 },
      { is_finished: true, finish_reason: 'COMPLETE', index: 0, ...METRICS },
    ],
  },
  {
    model: /mistral|ai21|gpt-oss/,
    whole: ({ body }) =>
      body.prompt
        ? { outputs: [{ text: ' MARK-ANSWER', stop_reason: 'stop' }] }
        : {
            id: 'chat_1',
            choices: [
              {
                index: 0,
                message: {
                  role: 'assistant',
                  content: 'MARK-ANSWER',
                  tool_calls: [
                    { id: 'call_1', function: { name: 'weather', arguments: '{"city":"MARK-ARGS"}' } },
                  ],
                },
                stop_reason: 'tool_calls',
              },
            ],
            usage: { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 },
          },
    headers: COUNTS,
    chunks: [
      { choices: [{ index: 0, message: { role: 'assistant', content: 'MARK-' }, stop_reason: null }] },
      {
        choices: [{ index: 0, message: { role: 'assistant', content: 'ANSWER' }, stop_reason: 'stop' }],
        ...METRICS,
      },
    ],
  },
  {
    model: /deepseek/,
    whole: () => ({ choices: [{ text: 'MARK-ANSWER', stop_reason: 'length' }] }),
    headers: COUNTS,
    chunks: [{ choices: [{ text: 'MARK-ANSWER', stop_reason: 'stop' }], ...METRICS }],
  },
  { model: /not-json/, whole: () => undefined },
];

export function invokeAnswer(model: string, isStream: boolean, call: AwsCall, reply: AwsAnswer): unknown {
  const family = FAMILIES.find((candidate) => candidate.model.test(model));
  if (isStream && model === 'test.exception') {
    return reply.events([
      chunk({ generation: 'MARK-PARTIAL' }),
      exceptionEvent('modelStreamErrorException', 'MARK-ERROR'),
    ]);
  }
  if (isStream) return reply.events((family?.chunks ?? [{ generation: 'MARK-ANSWER' }]).map(chunk));
  if (/not-json/.test(model)) {
    return reply.send(200, { 'content-type': 'text/plain' }, 'MARK-ANSWER, but {no JSON');
  }
  return reply.json(family?.whole(call) ?? { generation: 'MARK-ANSWER' }, family?.headers);
}

/** One chunk of a model, which is JSON in base64 in JSON. */
function chunk(body: unknown): Buffer {
  return event('chunk', { bytes: Buffer.from(JSON.stringify(body)).toString('base64'), p: 'abc' });
}
