import type { Environment } from '../../src/config/environment';
import { type Config, type Resolution, resolveConfig } from '../../src/config/resolve';

/** An environment of exactly these variables, under the same rule for empty ones as the real one. */
export function environmentOf(variables: Record<string, string>): Environment {
  const given = (name: string) => (variables[name]?.trim() ? variables[name] : undefined);
  return { get: given, source: (name) => (given(name) === undefined ? undefined : 'environment') };
}

export function resolved(variables: Record<string, string> = {}): Resolution {
  return resolveConfig(environmentOf(variables));
}

export function configOf(variables: Record<string, string> = {}): Config {
  return resolved(variables).config;
}
