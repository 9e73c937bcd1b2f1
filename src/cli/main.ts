import { nearest } from '../config/nearest';
import type { Command } from './command';
import { HELP, readFlags } from './flags';
import { printHelp } from './help';
import { instruments } from './instruments';
import { run } from './run';
import { findProgram } from './run/find-program';
import { say } from './say';
import { UsageError } from './usage-error';

declare const __VERSION__: string;

const help: Command = {
  name: 'help',
  usage: '[command]',
  summary: 'what can be typed here',
  flags: [],
  run: (_, [name]) => {
    printHelp(commands, name === undefined ? undefined : find(name));
    return 0;
  },
};

const commands: Command[] = [run, instruments, help];

/** The command line: arguments in, exit code out. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const [word, ...rest] = argv;
    if (word === undefined)
      throw new UsageError(
        'a command is missing\n  usage: respan run [flags] [--] <command …>\n  help:  respan help',
      );
    if (word === '--help' || word === '-h') return await help.run(new Map(), []);
    if (word === '--version' || word === '-v') {
      process.stdout.write(`${__VERSION__}\n`);
      return 0;
    }
    const command = find(word, argv);
    const read = readFlags(rest, [...command.flags, HELP]);
    if (read.values.has('help')) {
      printHelp(commands, command);
      return 0;
    }
    return await command.run(read.values, read.rest);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(error.message);
    return 2;
  }
}

function find(word: string, argv?: readonly string[]): Command {
  const command = commands.find(({ name }) => name === word);
  if (command) return command;
  if (word.startsWith('-')) {
    const isFlagOfRun = run.flags.some(({ name }) => word.replace(/=.*/, '') === `--${name}`);
    throw new UsageError(
      isFlagOfRun
        ? `${word} goes behind run: respan run ${word} …`
        : `there is no flag ${word}; see respan help`,
    );
  }
  // `respan node app.js`: what is typed by everyone who knows `ddtrace-run` or `dotenv`.
  if (argv && findProgram(word) !== undefined) {
    throw new UsageError(`there is no command ${word}; did you mean \`respan run ${argv.join(' ')}\`?`);
  }
  const near = nearest(
    word,
    commands.map(({ name }) => name),
  );
  throw new UsageError(
    `there is no command ${word}; ${near ? `did you mean \`respan ${near}\`?` : 'see respan help'}`,
  );
}
