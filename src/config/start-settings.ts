import type { Environment } from './environment';
import type { Options, Resolution } from './resolve';
import type { LogLevel } from './settings';
import type { StandardValues } from './standard';

/** What decides whether, and for which libraries, anything is hooked as the process starts. */
export interface StartSettings {
  isEnabled: boolean;
  logLevel: LogLevel;
  /** undefined: all. */
  instruments: readonly string[] | undefined;
  blockInstruments: readonly string[];
  otel?: Pick<StandardValues, 'OTEL_NODE_ENABLED_INSTRUMENTATIONS' | 'OTEL_NODE_DISABLED_INSTRUMENTATIONS'>;
}

/** The variables that have a say in it (settings.ts, standard.ts). */
export const START_VARIABLES = [
  'RESPAN_ENABLED',
  'OTEL_SDK_DISABLED',
  'RESPAN_LOG_LEVEL',
  'OTEL_LOG_LEVEL',
  'RESPAN_INSTRUMENTS',
  'RESPAN_BLOCK_INSTRUMENTS',
  'OTEL_NODE_ENABLED_INSTRUMENTATIONS',
  'OTEL_NODE_DISABLED_INSTRUMENTATIONS',
];

/**
 * Most processes set none of them. The whole table of settings is read when something is traced, and says then what is
 * wrong with the rest.
 */
export function startSettings(
  environment: Environment,
  options?: Options,
): { config: StartSettings; warnings: string[] } {
  if (options || START_VARIABLES.some((name) => environment.get(name) !== undefined)) {
    return resolveAll(environment, options);
  }
  return {
    config: { isEnabled: true, logLevel: 'INFO', instruments: undefined, blockInstruments: [] },
    warnings: [],
  };
}

function resolveAll(environment: Environment, options?: Options): Resolution {
  const { resolveConfig } = require('./resolve') as typeof import('./resolve');
  return resolveConfig(environment, options);
}
