import { expect, it } from 'vitest';
import { wantsColors } from '../../src/viewer/colors';
import { dollars, duration, tokens } from '../../src/viewer/format';

it.each([
  [-5, '0.0 ms'],
  [40, '0.0 ms'],
  [420, '0.4 ms'],
  [999, '1.0 ms'],
  [1_000, '1 ms'],
  [999_499, '999 ms'],
  [999_500, '1.00 s'],
  [59_994_000, '59.99 s'],
  [59_995_000, '1m 00s'],
  [125_400_000, '2m 05s'],
])('duration(%i) is %s', (micros, text) => {
  expect(duration(micros)).toBe(text);
});

it.each([
  [0, '$0'],
  [0.000_000_123_4, '$0.00000012'],
  [0.000_022_2, '$0.000022'],
  [0.009_99, '$0.0100'],
  [0.0123, '$0.0123'],
  [0.5, '$0.5000'],
  [12.345, '$12.35'],
])('dollars(%d) is %s', (value, text) => {
  expect(dollars(value)).toBe(text);
});

it.each([
  [undefined, undefined, undefined, ''],
  [31, undefined, undefined, '31 tokens'],
  [undefined, 3, undefined, '0 → 3 tokens'],
  [1_234_567, 12, 0, '1,234,567 → 12 tokens'],
  [1204, 310, 1024, '1,204 → 310 tokens (1,024 cached)'],
])('tokens(%s, %s, %s) is %j', (input, output, cached, text) => {
  expect(tokens(input, output, cached)).toBe(text);
});

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ TERM: 'dumb' }, true, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
])('wantsColors(%j, %s) is %s', (env, isTerminal, wanted) => {
  expect(wantsColors(env as NodeJS.ProcessEnv, isTerminal)).toBe(wanted);
});
