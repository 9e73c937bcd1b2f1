import { describe, expect, it } from 'vitest';
import { interactions } from '../../src/instruments/shapes/gemini/interactions';
import { chatBody, modelBody } from '../../src/instruments/shapes/gemini/older-sdks';
import { generateContent } from '../../src/instruments/shapes/gemini/operations';

const sender = { baseURL: 'https://generativelanguage.googleapis.com' };

/** JSON drops what is undefined: absent is absent. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('an interaction', () => {
  it('is asked for with a text and its settings', () => {
    const request = interactions.request(
      {
        model: 'gemini-2.5-pro',
        input: 'hi',
        stream: true,
        system_instruction: 'be brief',
        generation_config: {
          temperature: 0.5,
          top_p: 0.9,
          max_output_tokens: 20,
          seed: 7,
          stop_sequences: ['END'],
          thinking_level: 'low',
        },
        response_format: { type: 'object' },
        tools: [{ type: 'function', name: 'weather', parameters: {} }, { type: 'google_search' }],
      },
      sender,
    );
    expect(plain(request)).toEqual({
      operation: 'generate_content',
      provider: 'gcp.gemini',
      model: 'gemini-2.5-pro',
      serverAddress: 'generativelanguage.googleapis.com',
      serverPort: 443,
      stream: true,
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 20,
      seed: 7,
      stopSequences: ['END'],
      reasoningEffort: 'low',
      outputType: 'json',
      system: [{ type: 'text', content: 'be brief' }],
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
      tools: [{ type: 'function', name: 'weather', parameters: {} }, { type: 'google_search' }],
      extra: {},
    });
  });

  it('is asked of an agent, with turns, steps and media', () => {
    const request = interactions.request(
      {
        agent: 'deep-research',
        input: [
          { role: 'user', content: 'first' },
          { role: 'model', content: [{ type: 'thought', summary: [{ text: 'hm' }] }] },
          { type: 'text', text: 'look' },
          { type: 'image', data: 'AAAA', mime_type: 'image/png' },
          { type: 'function_call', id: 'c1', name: 'f', arguments: { a: 1 } },
          { type: 'function_result', call_id: 'c1', result: [{ type: 'text', text: 'r' }], is_error: true },
          { type: 'model_output', content: [{ type: 'text', text: 'said' }] },
          { type: 'user_input', content: [{ type: 'text', text: 'asked' }] },
        ],
      },
      sender,
    );
    expect(request.extra).toEqual({ 'gen_ai.agent.name': 'deep-research' });
    expect(plain(request.messages)).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'first' }] },
      { role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', content: 'look' },
          { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 },
        ],
      },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }] },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool_call_response',
            id: 'c1',
            response: [{ type: 'text', content: 'r' }],
            is_error: true,
          },
        ],
      },
      { role: 'assistant', parts: [{ type: 'text', content: 'said' }] },
      { role: 'user', parts: [{ type: 'text', content: 'asked' }] },
    ]);
  });

  const usage = {
    total_input_tokens: 10,
    total_tool_use_tokens: 2,
    total_output_tokens: 5,
    total_thought_tokens: 3,
    total_cached_tokens: 4,
    input_tokens_by_modality: [{ modality: 'audio', tokens: 6 }],
  };
  const read = { input: 12, output: 8, cacheRead: 4, reasoning: 3, audioInput: 6 };

  it('is answered with outputs or steps', () => {
    const about = { id: 'i1', model: 'm', status: 'completed', usage };
    const text = { type: 'text', text: 'yes' };
    const outputs = [{ type: 'google_search_call', id: 's1', arguments: { queries: ['q'] } }, text];
    const steps = [
      { type: 'user_input', content: [text] },
      { type: 'model_output', content: [text] },
    ];
    const answer = { type: 'text', content: 'yes' };
    expect(interactions.response({ ...about, outputs })).toMatchObject({
      id: 'i1',
      model: 'm',
      finishReasons: ['completed'],
      messages: [{ parts: [{ type: 'server_tool_call', id: 's1', name: 'google_search' }, answer] }],
    });
    const response = interactions.response({ ...about, steps });
    expect(response.messages).toEqual([{ role: 'assistant', parts: [answer], finish_reason: 'completed' }]);
    expect(plain(response.usage)).toEqual(read);
  });

  it('comes in events of steps', () => {
    const accumulator = interactions.accumulator!();
    const delta = (index: number, data: unknown) => ({ event_type: 'step.delta', index, delta: data });
    const events = [
      { event_type: 'interaction.created', interaction: { id: 'i1', model: 'm', status: 'in_progress' } },
      { event_type: 'step.start', index: 0, step: { type: 'thought' } },
      delta(0, { type: 'thought_summary', content: { type: 'text', text: 'h' } }),
      delta(0, { type: 'thought_summary', content: { type: 'text', text: 'm' } }),
      delta(0, { type: 'thought_signature', signature: 'x' }),
      { event_type: 'step.start', index: 1, step: { type: 'function_call', id: 'c1', name: 'f' } },
      delta(1, { type: 'arguments_delta', arguments: '{"city":' }),
      delta(1, { type: 'arguments_delta', arguments: '"Rome"}' }),
      { event_type: 'step.start', index: 2, step: { type: 'model_output' } },
      delta(2, { type: 'text', text: 'ye' }),
      delta(2, { type: 'text', text: 's' }),
      delta(2, { type: 'novelty', word: 'n' }),
      {
        event_type: 'interaction.completed',
        interaction: { id: 'i1', model: null, status: 'completed', usage },
      },
    ];
    for (const event of events) accumulator.add(event);
    const response = accumulator.response();
    expect(plain(response)).toMatchObject({
      id: 'i1',
      model: 'm',
      finishReasons: ['completed'],
      usage: read,
    });
    expect(plain(response.messages?.[0]?.parts)).toEqual([
      { type: 'reasoning', content: 'hm' },
      { type: 'tool_call', id: 'c1', name: 'f', arguments: { city: 'Rome' } },
      { type: 'text', content: 'yes' },
      { type: 'novelty', word: 'n' },
    ]);
  });

  it('may be cut, or odd', () => {
    const accumulator = interactions.accumulator!();
    accumulator.add({ event_type: 'content.start', index: 0, content: { type: 'text', text: '' } });
    accumulator.add({ event_type: 'content.delta', index: 0, delta: { type: 'text', text: 'ye' } });
    expect(accumulator.response()).toMatchObject({
      messages: [{ parts: [{ type: 'text', content: 'ye' }] }],
    });
    for (const odd of [null, 7, 'x', [null], { index: 0 }, { delta: 7, index: 1 }]) {
      expect(() =>
        interactions.request({ input: odd, tools: odd, generation_config: odd }, {}),
      ).not.toThrow();
      expect(() => interactions.response(odd)).not.toThrow();
      expect(() => accumulator.add(odd)).not.toThrow();
      expect(() => accumulator.response()).not.toThrow();
    }
  });
});

describe('the older SDKs', () => {
  const model = {
    generationConfig: { temperature: 0.5 },
    systemInstruction: { parts: [{ text: 's' }] },
    tools: undefined,
  };
  const requestOf = (body: Record<string, unknown>) => generateContent.request(body, sender);

  it('fill a request up with what the model was made with', () => {
    expect(requestOf(modelBody('hi', model))).toMatchObject({
      temperature: 0.5,
      system: [{ type: 'text', content: 's' }],
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
    });
    const own = {
      contents: [{ role: 'user', parts: [{ text: 'a' }] }],
      generationConfig: { temperature: 0.7 },
    };
    expect(requestOf(modelBody(own, model))).toMatchObject({ temperature: 0.7 });
  });

  it('put a message after the history of its chat', () => {
    const history = [{ role: 'model', parts: [{ text: 'before' }] }];
    const messages = [
      { role: 'assistant', parts: [{ type: 'text', content: 'before' }] },
      { role: 'user', parts: [{ type: 'text', content: 'now' }] },
    ];
    expect(requestOf(chatBody('now', { _history: history, params: model })).messages).toEqual(messages);
    expect(requestOf(chatBody(['now'], { historyInternal: history, ...model }))).toMatchObject({
      messages,
      temperature: 0.5,
    });
  });
});
