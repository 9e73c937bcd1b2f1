import { type Environment, environment as own } from '../../config/environment';
import type { EnvFile } from './env-files';
import type { FlagVariable } from './setting-flags';

export interface ChildEnvironment {
  variables: NodeJS.ProcessEnv;
  /** Where a variable that is not of the real environment comes from: `--app-name`, `--env-file F`. */
  origins: Map<string, string>;
}

/** Flag > real environment > later file > earlier file. */
export function childEnvironment(
  real: NodeJS.ProcessEnv,
  files: readonly EnvFile[],
  flagged: readonly FlagVariable[],
): ChildEnvironment {
  const variables: NodeJS.ProcessEnv = { ...real };
  const origins = new Map<string, string>();
  for (const { path, values } of files) {
    for (const [name, value] of Object.entries(values)) {
      if (real[name] !== undefined) continue;
      variables[name] = value;
      origins.set(name, `${name} in ${path}`);
    }
  }
  for (const { variable, flag, value } of flagged) {
    variables[variable] = value;
    origins.set(variable, flag);
  }
  return { variables, origins };
}

/** What the preload of the child will read: its environment, and below it `.env` of the working directory. */
export function environmentOf({ variables }: ChildEnvironment): Environment {
  const given = (name: string) => (variables[name]?.trim() ? variables[name] : undefined);
  return {
    get: (name) => given(name) ?? own.get(name),
    source: (name) => (given(name) ? 'environment' : own.source(name)),
  };
}
