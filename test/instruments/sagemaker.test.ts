import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../src/instruments/sagemaker/body';
import { commands } from '../../src/instruments/sagemaker/commands';
import { PayloadAccumulator } from '../../src/instruments/sagemaker/payload-stream';

const part = (bytes: string | Buffer) => ({ PayloadPart: { Bytes: Buffer.from(bytes as string) } });

function streamed(request: unknown, ...pieces: (string | Buffer)[]) {
  const accumulator = new PayloadAccumulator(bodyOf(request), {});
  for (const piece of pieces) accumulator.add(part(piece));
  return accumulator.response();
}

const contents = (response: { messages?: { parts: unknown[] }[] }) =>
  response.messages?.flatMap(({ parts }) => parts.map((each) => (each as { content?: unknown }).content));

describe('bodies of endpoints', () => {
  it.each([
    [{ messages: [] }, 'chat'],
    [{ inputs: [[{ role: 'user', content: 'a' }]] }, 'chat'],
    [{ inputs: [{ role: 'user', content: 'a' }] }, 'chat'],
    [{ inputs: 'a' }, 'completion'],
    [{ text_inputs: 'a' }, 'completion'],
    [{ prompt: 'a' }, 'completion'],
    [{ input: 'a' }, 'embeddings'],
    [{ instances: [1] }, 'inference'],
    [[1, 2], 'inference'],
    [undefined, 'inference'],
  ])('%j: %s', (body, suffix) => {
    const shape = bodyOf(body);
    expect(shape.spanSuffix).toBe(suffix);
    for (const answer of [undefined, null, 'x', [], [[]], { choices: [] }, [{ generated_text: 1 }], [null]]) {
      expect(() => shape.response(answer, {})).not.toThrow();
      expect(() => shape.response(answer, { Body: null })).not.toThrow();
    }
    expect(() => shape.request({}, { Body: null })).not.toThrow();
  });

  it('says of what it cannot read how much it is', () => {
    const operation = commands.InvokeEndpointCommand!({ Body: 'a,b' });
    const request = operation.request({ EndpointName: 'e', Body: 'a,b', ContentType: 'text/csv' }, {});
    expect(request).toMatchObject({
      operation: 'inference',
      provider: 'aws.sagemaker',
      model: 'e',
      messages: [
        { role: 'user', parts: [{ type: 'blob', modality: 'document', mime_type: 'text/csv', bytes: 3 }] },
      ],
    });
    const long = JSON.stringify({ instances: [Array.from({ length: 10_000 }, () => 0.5)] });
    const tensors = commands.InvokeEndpointCommand!({ Body: long });
    expect(
      tensors.request({ Body: long, ContentType: 'application/json' }, {}).messages?.[0]?.parts[0],
    ).toMatchObject({
      type: 'blob',
      bytes: long.length,
    });
  });

  it('an answer may be of another API than the request', () => {
    expect(contents(bodyOf({ messages: [] }).response([{ generated_text: 'a' }], {}))).toEqual(['a']);
    expect(bodyOf({ inputs: 'a' }).response([[0.1, 0.2]], {})).toMatchObject({ dimensions: 2 });
  });
});

describe('streams of endpoints', () => {
  it('are server-sent events or lines, cut anywhere', () => {
    const events = `data: {"choices":[{"index":0,"delta":{"content":"ü"}}]}\n\ndata: [DONE]\n\n`;
    const bytes = Buffer.from(events);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(contents(streamed({ messages: [] }, bytes.subarray(0, cut), bytes.subarray(cut)))).toEqual([
        'ü',
      ]);
    }
    expect(contents(streamed({ inputs: '' }, '{"token":{"text":"a"}}\n{"token":{"text":"b"}}'))).toEqual([
      'ab',
    ]);
    expect(contents(streamed({ prompt: '' }, 'data: {"choices":[{"text":"a"}]}\n\n'))).toEqual(['a']);
  });

  it('are text where they are neither, and nothing where no event is whole', () => {
    expect(contents(streamed({ inputs: '' }, 'plain ', 'text'))).toEqual(['plain text']);
    expect(contents(streamed({ messages: [] }, 'data: {"cho'))).toBeUndefined();
    expect(contents(streamed({ messages: [] }))).toBeUndefined();
  });

  it('may be asked for half way', () => {
    const accumulator = new PayloadAccumulator(bodyOf({ inputs: '' }), {});
    accumulator.add(part('{"token":{"text":"a"}}\n{"token":'));
    expect(contents(accumulator.response())).toEqual(['a']);
    accumulator.add(part('{"text":"b"}}'));
    expect(contents(accumulator.response())).toEqual(['ab']);
    expect(contents(accumulator.response())).toEqual(['ab']);
  });

  it('leave out special tokens and take the whole text where it comes', () => {
    const chunks = [
      { token: { text: 'a', special: false } },
      {
        token: { text: '</s>', special: true },
        generated_text: 'a!',
        details: { finish_reason: 'eos_token', generated_tokens: 2, input_length: 4 },
      },
    ];
    const response = streamed(
      { inputs: '' },
      chunks.map((chunk) => `data:${JSON.stringify(chunk)}\n\n`).join(''),
    );
    expect(contents(response)).toEqual(['a!']);
    expect(response).toMatchObject({ finishReasons: ['eos_token'], usage: { input: 4, output: 2 } });
  });
});
