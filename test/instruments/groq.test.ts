import { describe, expect, it } from 'vitest';
import { chat } from '../../src/instruments/shapes/openai/chat';
import { audio } from '../../src/instruments/shapes/openai/other-operations';

const accumulated = (chunks: unknown[]) => {
  const accumulator = chat.accumulator!();
  for (const chunk of chunks) accumulator.add(chunk);
  return accumulator.response();
};

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const delta = (more: unknown, rest = {}) => ({ choices: [{ index: 0, delta: more }], ...rest });

describe("Groq's dialect", () => {
  it('has the usage of a stream in a field of its own', () => {
    const chunks = [
      delta({ content: 'hi' }, { x_groq: { id: 'req' } }),
      delta({}, { x_groq: { id: 'req', usage } }),
    ];
    expect(accumulated(chunks).usage).toMatchObject({ input: 3, output: 2 });
  });

  it('counts the usage that was asked for once', () => {
    const asked = { prompt_tokens: 4, completion_tokens: 1 };
    const chunks = [delta({}, { x_groq: { usage } }), { choices: [], usage: asked }];
    expect(accumulated(chunks).usage).toMatchObject({ input: 4, output: 1 });
  });

  it('has no usage where there is none', () => {
    expect(accumulated([delta({}, { x_groq: { id: 'req', usage: null } })]).usage).toBeUndefined();
  });

  it('keeps the tools that compound models ran, each once', () => {
    const started = { index: 0, type: 'search', arguments: '{"query":"q"}' };
    const done = { ...started, output: 'found' };
    const expected = {
      type: 'server_tool_call',
      index: 0,
      name: 'search',
      arguments: { query: 'q' },
      output: 'found',
    };
    const streamed = accumulated([delta({ executed_tools: [started] }), delta({ executed_tools: [done] })]);
    expect(streamed.messages?.[0]?.parts).toEqual([expected]);
    const message = { role: 'assistant', content: null, executed_tools: [done] };
    expect(chat.response({ choices: [{ message }] }).messages?.[0]?.parts).toEqual([expected]);
  });

  it('takes the URL of a recording', () => {
    const request = audio.transcription.request({ model: 'm', url: 'https://x.test/a.wav' }, {});
    expect(request.messages).toEqual([
      { role: 'user', parts: [{ type: 'uri', modality: 'audio', uri: 'https://x.test/a.wav' }] },
    ]);
  });
});
