import { expect, it } from 'vitest';
import { hookMode } from '../../src/loader/hook-mode';

it.each([
  ['v20.6.0', 'read'],
  ['v20.20.2', 'read'],
  ['v22.15.0', 'thread'],
  ['v22.22.2', 'thread'],
  ['v22.22.3', 'sync'],
  ['v22.23.0', 'sync'],
  ['v23.11.1', 'thread'],
  ['v24.11.0', 'thread'],
  ['v24.11.1', 'sync'],
  ['v24.21.0', 'sync'],
  ['v25.0.0', 'thread'],
  ['v25.1.0', 'sync'],
  ['v26.0.0', 'sync'],
  ['v27.0.0-nightly', 'sync'],
])('%s uses %s hooks', (version, mode) => {
  expect(hookMode(version, true)).toBe(mode);
});

it('never uses what is not there', () => {
  expect(hookMode('v24.21.0', false)).toBe('thread');
});
