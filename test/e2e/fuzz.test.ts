import { describe, expect, it } from 'vitest';
import { LIBRARIES, nodeFor } from '../../fuzz/libraries';
import { differences } from '../../fuzz/pairs';
import { type NodeName, nodeBinary } from '../harness/nodes';

/** A few cases of each library in its newest version; `fuzz/run.mts` runs as many as are asked for, of each version. */
const CASES = 20;

describe.each(LIBRARIES)('$id, fuzzed', ({ id, versions, isWithoutSpans = false }) => {
  it('looks the same with and without respan', async () => {
    const sdks = versions.at(-1)!;
    const node = nodeBinary(nodeFor(sdks, '20') as NodeName);
    const subject = { library: id, sdks, format: 'cjs', node };
    const found = await differences(subject, 1, CASES);
    expect(found).toMatchObject({ cases: CASES, different: [], said: [] });
    expect(found.spans === 0).toBe(isWithoutSpans);
  });
});

/** Cases that once found something. */
const SEEDS = [
  {
    library: 'llama_index',
    sdk: 'llamaindex-0.12',
    seed: 4_400_048,
    count: 1,
    what: 'an input that throws when it is read',
  },
  {
    library: 'langchain',
    sdk: 'langchain-1',
    seed: 60_000_132,
    count: 1,
    what: 'a batch of inputs that has holes',
  },
  {
    library: 'vercel_ai',
    sdk: 'ai-5',
    seed: 4_400_107,
    count: 1,
    what: 'a stream that is aborted with its first chunk',
  },
  { library: 'ioredis', sdk: 'ioredis-6', seed: 57, count: 1, what: 'an argument that is no text' },
  { library: 'redis', sdk: 'redis-3', seed: 93, count: 1, what: 'a callback that is none' },
  { library: 'redis', sdk: 'redis-4', seed: 11, count: 1, what: 'a command that cannot be made' },
  { library: 'pg', sdk: 'pg-8', seed: 9, count: 1, what: 'a callback that gets an error alone' },
];

it.each(SEEDS)('$library: $what', async ({ library, sdk, seed, count }) => {
  const sdks = LIBRARIES.find(({ id }) => id === library)!.versions.find(([first]) => first === sdk)!;
  const subject = { library, sdks, format: 'cjs', node: nodeBinary('24') };
  const found = await differences(subject, seed, count);
  expect(found).toMatchObject({ cases: count, different: [], said: [] });
});
