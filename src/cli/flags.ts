import { parseArgs } from 'util';
import { nearest } from '../config/nearest';
import { UsageError } from './usage-error';

export interface Flag {
  /** Without dashes. */
  name: string;
  short?: string;
  /** What the value looks like; a flag without one is a switch. */
  value?: string;
  description: string;
  /** The variable that says the same, for the help. */
  variable?: string;
}

/** Every value that was given to each flag, in order, exactly as typed; a switch has `true`. */
export type FlagValues = ReadonlyMap<string, (string | true)[]>;

export const HELP: Flag = { name: 'help', short: 'h', description: 'show this' };

/**
 * Reads the flags before the first word; everything from that word (or from behind `--`) on is left as it is.
 * Not cac's own reader: that one turns `--app-name 007` into 7, and goes on reading behind the first word.
 */
export function readFlags(
  argv: readonly string[],
  flags: readonly Flag[],
): { values: FlagValues; rest: string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      flags.map(({ name, short, value }) => [
        name,
        { type: value ? 'string' : 'boolean', ...(short && { short }) },
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const values = new Map<string, (string | true)[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') return { values, rest: argv.slice(token.index) };
    if (token.kind === 'option-terminator') return { values, rest: argv.slice(token.index + 1) };
    const flag = flags.find(({ name }) => name === token.name);
    if (!flag) throw new UsageError(unknownFlag(token.rawName, flags));
    values.set(flag.name, [...(values.get(flag.name) ?? []), valueGiven(flag, token)]);
  }
  return { values, rest: [] };
}

function valueGiven(
  flag: Flag,
  token: { rawName: string; value?: string; inlineValue?: boolean },
): string | true {
  if (!flag.value) {
    if (token.value === undefined) return true;
    throw new UsageError(`${token.rawName} takes no value`);
  }
  // `--app-name --quiet` is a forgotten value; `--app-name=--quiet` says that it is meant.
  const forgotten = token.value === undefined || (!token.inlineValue && token.value.startsWith('-'));
  if (forgotten || token.value === '') throw new UsageError(`${token.rawName} needs a value (${flag.value})`);
  return token.value as string;
}

function unknownFlag(typed: string, flags: readonly Flag[]): string {
  const near = nearest(
    typed.replace(/^-+/, ''),
    flags.map(({ name }) => name),
  );
  return near && typed.startsWith('--')
    ? `there is no flag ${typed}; did you mean --${near}?`
    : `there is no flag ${typed} (flags of the command you run go behind it)`;
}

/** The last value of a flag that counts once. */
export const lastValue = (values: FlagValues, name: string) => values.get(name)?.at(-1);
