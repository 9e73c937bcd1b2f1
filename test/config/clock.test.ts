import { performance as nodes } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** Milliseconds since 1970, and those of the clock that never jumps. */
const machine = { system: 0, elapsed: 0 };
let systemTime: () => number;

function pass(millis: number): number {
  machine.system += millis;
  machine.elapsed += millis;
  return systemTime();
}

describe('the time of a span', () => {
  beforeEach(async () => {
    machine.system = 1_700_000_000_000.7;
    machine.elapsed = 1234.5;
    vi.spyOn(Date, 'now').mockImplementation(() => Math.floor(machine.system));
    vi.spyOn(nodes, 'now').mockImplementation(() => machine.elapsed);
    vi.resetModules();
    ({ systemTime } = await import('../../src/config/clock'));
  });
  afterEach(() => void vi.restoreAllMocks());

  it('is in order within a millisecond', () => {
    const times = Array.from({ length: 1000 }, () => pass(0.013));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it("is within two milliseconds of the system's, never before the whole one", () => {
    for (let i = 0; i < 1000; i++) {
      machine.elapsed += 0.01;
      const time = pass(0.37);
      expect(time).toBeGreaterThanOrEqual(Math.floor(machine.system));
      expect(time).toBeLessThan(machine.system + 2);
    }
  });

  it('is right where the process has to wait between the looks at both clocks', () => {
    for (let i = 0; i < 10; i++) pass(0.37);
    const ahead = systemTime() - machine.elapsed;
    vi.mocked(Date.now).mockImplementation(() => {
      const now = Math.floor(machine.system);
      machine.system += 40;
      machine.elapsed += 40;
      return now;
    });
    for (let i = 0; i < 3; i++) {
      const before = machine.elapsed;
      const time = systemTime() - ahead;
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(machine.elapsed);
    }
  });

  it.each([-3_600_000, -5, 5, 3_600_000])('follows a clock that is set by %i ms', (millis) => {
    pass(10);
    machine.system += millis;
    expect(systemTime()).toBe(Math.floor(machine.system));
    expect(pass(0.25)).toBeCloseTo(Math.floor(machine.system - 0.25) + 0.25, 3);
  });
});
