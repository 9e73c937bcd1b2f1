import type { Flag, FlagValues } from './flags';

/** One subcommand; a file each. */
export interface Command {
  name: string;
  /** What follows the name in the usage line. */
  usage: string;
  summary: string;
  flags: Flag[];
  examples?: string[];
  /** The end of the help. */
  notes?: string;
  /** Arguments in, exit code out. `rest` is everything from the first word that is not a flag on. */
  run(values: FlagValues, rest: string[]): number | Promise<number>;
}
