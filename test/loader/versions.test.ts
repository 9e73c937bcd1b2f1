import { expect, it } from 'vitest';
import { compareVersions, isTested } from '../../src/loader/versions';

it.each([
  ['1.2.3', '1.2.3', 0],
  ['1.2.3', '1.10.0', -1],
  ['2.0.0', '1.99.99', 1],
  ['1.0.0-beta.1', '1.0.0', 0],
  ['1.0.0+build', '1.0.0', 0],
  ['1', '1.0.1', -1],
  ['v', '0.0.0', 0],
])('%s against %s is %d', (a, b, order) => {
  expect(compareVersions(a, b)).toBe(order);
});

it('is tested from the lower bound to below the upper one', () => {
  const range = { from: '4.20.0', below: '8.0.0' };
  const tested = ['4.20.0', '5.0.0', '7.99.99'];
  const untested = ['4.19.9', '8.0.0', '99.0.0', undefined];
  expect(tested.map((version) => isTested(version, range))).toEqual([true, true, true]);
  expect(untested.map((version) => isTested(version, range))).toEqual([false, false, false, false]);
});
