import { expect, it } from 'vitest';
import { settings } from '../../src/config/settings';
import { standard } from '../../src/config/standard';
import { START_VARIABLES } from '../../src/config/start-settings';

it('reads the variables that decide what is hooked', () => {
  const { isEnabled, logLevel, instruments, blockInstruments } = settings;
  const variables = [isEnabled, logLevel, instruments, blockInstruments].flatMap(
    ({ variable, fallbacks = [] }) => [variable, ...fallbacks.map((fallback) => fallback.variable)],
  );
  const ofOpenTelemetry = Object.keys(standard).filter((name) => name.endsWith('_INSTRUMENTATIONS'));
  expect(START_VARIABLES).toEqual([...variables, ...ofOpenTelemetry]);
});
