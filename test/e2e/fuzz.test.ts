import { describe, it } from 'vitest';
import { LIBRARIES } from '../../fuzz/libraries';
import { differences } from '../../fuzz/pairs';

/** A few cases of each library in its newest version; `fuzz/run.mts` runs as many as are asked for, of each version. */
const CASES = 20;

describe.each(LIBRARIES)('$id, fuzzed', ({ id, versions }) => {
  it('looks the same with and without respan', async ({ expect }) => {
    const subject = { library: id, sdks: versions.at(-1)!, format: 'cjs', node: process.execPath };
    const found = await differences(subject, 1, CASES);
    expect(found).toMatchObject({ cases: CASES, different: [] });
    expect(found.spans).toBeGreaterThan(0);
  });
});
