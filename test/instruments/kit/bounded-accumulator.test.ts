import { expect, it } from 'vitest';
import { boundedAccumulator } from '../../../src/instruments/kit/bounded-accumulator';
import { ChatAccumulator } from '../../../src/instruments/shapes/openai/chat';

const delta = (content: string, more = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'm',
  choices: [{ index: 0, delta: { content }, ...more }],
});

function heard(chunks: number, content: (i: number) => string) {
  const bounded = boundedAccumulator(new ChatAccumulator());
  for (let i = 0; i < chunks; i++) bounded.add(delta(content(i)));
  bounded.add(delta('', { finish_reason: 'stop' }));
  bounded.add({ choices: [], usage: { prompt_tokens: 1, completion_tokens: chunks } });
  const { messages, usage, extra } = bounded.response();
  const part = messages?.[0]?.parts[0] as { content?: string } | undefined;
  return { text: String(part?.content), usage, finish: messages?.[0]?.finish_reason, extra };
}

it('leaves what a model may say as it is', () => {
  const { text, extra } = heard(150_000, (i) => ` word${i % 1_000}`);
  expect(text.length).toBeGreaterThan(1_000_000);
  expect(extra).not.toHaveProperty(['respan.content.shortened']);
});

it.each<[string, (i: number) => string]>([
  ['says something new each time', (i) => `word ${i} `.repeat(5)],
  ['says the same for ever', () => 'the same once more '],
])('has no more than so much of a stream that %s, and its end', (_, content) => {
  const { text, usage, finish, extra } = heard(600_000, content);
  expect(text.length).toBeLessThan(12_000_000);
  expect([usage?.output, finish]).toEqual([600_000, 'stop']);
  expect(extra).toMatchObject({ 'respan.content.shortened': true });
});

it('does not count sound, of which only the transcript is kept', () => {
  const bounded = boundedAccumulator(new ChatAccumulator());
  const sound = Buffer.alloc(100_000, 'sound').toString('base64');
  for (let i = 0; i < 100; i++)
    bounded.add({ choices: [{ index: 0, delta: { audio: { data: sound, transcript: 'so ' } } }] });
  expect(JSON.stringify(bounded.response())).toContain('so so so '.repeat(33));
});
