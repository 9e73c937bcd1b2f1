import { accessSync, constants } from 'fs';
import { join, resolve } from 'path';
import { type Environment, readDotenv } from '../../config/environment';
import { type Resolution, resolveConfig } from '../../config/resolve';
import { runName } from '../../config/run-name';
import { RUN_FILE_VARIABLE } from '../../config/settings';
import { RUN_SOCKET_VARIABLE } from '../../config/threads';
import { childEnvironment, environmentOf } from './child-environment';
import type { EnvFile } from './env-files';
import { withPreload } from './node-options';
import type { FlagVariable } from './setting-flags';

/** Everything a run needs to know before it starts. */
export interface Plan {
  /** The whole environment of the command. */
  variables: NodeJS.ProcessEnv;
  environmentOrigins: Map<string, string>;
  environment: Environment;
  resolution: Resolution;
  /** The file this run's spans go to, when they go to one and the report of it is ours to print. */
  reportFile: string | undefined;
  /** Whether its spans are exported by us. */
  isSupervised: boolean;
  dotenvWarning: string | undefined;
  /** Why the command will run untraced. */
  problem: string | undefined;
}

export function makePlan(
  real: NodeJS.ProcessEnv,
  files: readonly EnvFile[],
  flagged: readonly FlagVariable[],
): Plan {
  const child = childEnvironment(real, files, flagged);
  const { variables } = child;
  const dotenvWarning = readDotenv();
  const environment = environmentOf(child);
  // Inside of another `respan run`, all goes to the file of the outer one, which prints it.
  const isNested = environment.get(RUN_FILE_VARIABLE) !== undefined;
  if (!isNested) variables[RUN_FILE_VARIABLE] = newRunFile(environment);
  const resolution = resolveConfig(environment);
  const { config } = resolution;
  const writesFile = config.isEnabled && config.exporters.includes('file');
  if (!writesFile && !isNested) delete variables[RUN_FILE_VARIABLE];

  const register = join(__dirname, 'register.js');
  const problem = unreadable(register);
  if (!problem) variables.NODE_OPTIONS = withPreload(variables.NODE_OPTIONS, register);
  return {
    variables,
    environmentOrigins: child.origins,
    environment,
    resolution,
    reportFile: writesFile && !isNested && !problem ? config.runFile : undefined,
    isSupervised:
      config.isEnabled &&
      !problem &&
      variables[RUN_SOCKET_VARIABLE] === undefined &&
      config.exporters.some((name) => name !== 'none' && name !== 'console'),
    dotenvWarning,
    problem,
  };
}

/** Absolute: the command may change its directory. */
function newRunFile(environment: Environment): string {
  const { tracesDir } = resolveConfig(environment).config;
  return resolve(tracesDir, `${runName(new Date(), process.pid)}.jsonl`);
}

function unreadable(register: string): string | undefined {
  try {
    accessSync(register, constants.R_OK);
    return undefined;
  } catch (error) {
    return `${register} cannot be read (${(error as NodeJS.ErrnoException).code}); the command runs untraced`;
  }
}
