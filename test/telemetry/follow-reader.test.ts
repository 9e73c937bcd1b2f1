import { describe, expect, it } from 'vitest';
import { followReader } from '../../src/telemetry/follow-result';

const streamOf = (...chunks: number[]) => {
  const reasons: unknown[] = [];
  const stream = new ReadableStream<number>({
    start: (controller) => chunks.forEach((chunk) => void controller.enqueue(chunk)),
    cancel: (reason) => void reasons.push(reason),
  });
  return { reader: stream.getReader(), reasons };
};

function followedBy(reader: ReadableStreamDefaultReader<number>): unknown[] {
  const told: unknown[] = [];
  followReader(reader, {
    onItem: (item) => told.push(item),
    onDone: (stoppedEarly) => told.push(stoppedEarly ? 'stopped' : 'done'),
    onError: (error) => told.push(error),
  });
  return told;
}

describe('followReader', () => {
  it('tells of a reader that cancels at once, and passes the reason on', async () => {
    const { reader, reasons } = streamOf(1, 2);
    const told = followedBy(reader);
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    const cancelled = reader.cancel('enough');
    expect(told).toEqual([1, 'stopped']);
    expect(await cancelled).toBeUndefined();
    expect(reasons).toEqual(['enough']);
  });

  it('leaves what `cancel` answers as it is, and both methods what they look like', async () => {
    const { reader } = streamOf();
    followedBy(reader);
    reader.releaseLock();
    await expect(reader.cancel()).rejects.toThrow(TypeError);
    const prototype = ReadableStreamDefaultReader.prototype;
    for (const name of ['read', 'cancel'] as const) {
      expect(String(reader[name])).toBe(String(prototype[name]));
      expect([reader[name].name, reader[name].length]).toEqual([name, prototype[name].length]);
    }
  });
});
