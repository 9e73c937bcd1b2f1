import { describe, expect, it } from 'vitest';
import { chat } from '../../src/instruments/shapes/openai/chat';
import { contentParts } from '../../src/instruments/shapes/openai/content';
import { images, textCompletions } from '../../src/instruments/shapes/openai/other-operations';

describe("Together's dialect", () => {
  it('has texts or deltas in completions, and one finish reason for the chunk', () => {
    const accumulator = textCompletions.accumulator!();
    accumulator.add({ id: 'c', choices: [{ index: 0, text: 'MARK-' }], finish_reason: null });
    accumulator.add({ choices: [{ index: 0, delta: { content: 'x' } }], finish_reason: 'eos' });
    accumulator.add({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } });
    expect(accumulator.response()).toMatchObject({
      id: 'c',
      finishReasons: ['eos'],
      messages: [{ role: 'assistant', parts: [{ type: 'text', content: 'MARK-x' }] }],
      usage: { input: 1, output: 2 },
    });
  });

  it('counts cached tokens beside the others', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 2, cached_tokens: 8 };
    expect(chat.response({ usage }).usage).toMatchObject({ input: 10, output: 2, cacheRead: 8 });
  });

  it('takes videos and recordings', () => {
    const parts = [
      { type: 'video_url', video_url: { url: 'https://x.test/a.mp4' } },
      { type: 'audio_url', audio_url: { url: 'data:audio/wav;base64,AAAA' } },
    ];
    expect(contentParts(parts)).toEqual([
      { type: 'uri', modality: 'video', uri: 'https://x.test/a.mp4' },
      { type: 'blob', modality: 'audio', mime_type: 'audio/wav', bytes: 3 },
    ]);
  });

  it('takes pictures by their URL', () => {
    const body = {
      prompt: 'p',
      image_url: 'https://x.test/a.png',
      reference_images: ['https://x.test/b.png'],
    };
    expect(images.request(body, {}).messages).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'text', content: 'p' },
          { type: 'uri', modality: 'image', uri: 'https://x.test/a.png' },
          { type: 'uri', modality: 'image', uri: 'https://x.test/b.png' },
        ],
      },
    ]);
    expect(images.response({ id: 'i', model: 'm', data: [] })).toMatchObject({ id: 'i', model: 'm' });
  });
});
