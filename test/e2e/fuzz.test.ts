import { describe, it } from 'vitest';
import { LIBRARIES, nodeFor } from '../../fuzz/libraries';
import { differences } from '../../fuzz/pairs';
import { type NodeName, nodeBinary } from '../harness/nodes';

/** A few cases of each library in its newest version; `fuzz/run.mts` runs as many as are asked for, of each version. */
const CASES = 20;

describe.each(LIBRARIES)('$id, fuzzed', ({ id, versions }) => {
  it('looks the same with and without respan', async ({ expect }) => {
    const sdks = versions.at(-1)!;
    const node = nodeBinary(nodeFor(sdks, '20') as NodeName);
    const subject = { library: id, sdks, format: 'cjs', node };
    const found = await differences(subject, 1, CASES);
    expect(found).toMatchObject({ cases: CASES, different: [], said: [] });
    expect(found.spans).toBeGreaterThan(0);
  });
});
