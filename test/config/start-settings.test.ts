import { expect, it } from 'vitest';
import { settings } from '../../src/config/settings';
import { START_VARIABLES } from '../../src/config/start-settings';

it('reads the variables that decide what is hooked', () => {
  const { isEnabled, logLevel, instruments, blockInstruments } = settings;
  const variables = [isEnabled, logLevel, instruments, blockInstruments].flatMap(
    ({ variable, fallbacks = [] }) => [variable, ...fallbacks.map((fallback) => fallback.variable)],
  );
  const switches = ['OTEL_NODE_ENABLED_INSTRUMENTATIONS', 'OTEL_NODE_DISABLED_INSTRUMENTATIONS'];
  expect(START_VARIABLES).toEqual([...variables, ...switches]);
});
