import { RUN_SOCKET_VARIABLE } from '../config/threads';
import type { Command } from './command';
import { lastValue } from './flags';
import { describePlan } from './run/dry-run';
import { readEnvFiles } from './run/env-files';
import { launch } from './run/launch';
import { makePlan, type Plan } from './run/plan';
import { printReport } from './run/report';
import { checkInstruments, settingFlags, variablesOf } from './run/setting-flags';
import { dieOf } from './run/signals';
import { startSupervisor } from './run/supervisor';
import { say } from './say';
import { UsageError } from './usage-error';

/** `respan run`: a command, unchanged, with the preload in every node process it starts. */
export const run: Command = {
  name: 'run',
  usage: '[flags] [--] <command …>',
  summary: 'run a command with tracing; exit code and signals are those of the command',
  flags: [
    ...settingFlags,
    {
      name: 'env-file',
      value: 'FILE',
      description:
        'give the whole file to the command; the real environment wins, and the last file given over the ones before it',
    },
    { name: 'quiet', short: 'q', description: 'print nothing at the end' },
    {
      name: 'dry-run',
      description: 'print every setting with its value and where it comes from, and run nothing',
    },
  ],
  examples: [
    'respan run -- node app.mjs',
    'respan run npm start',
    'respan run --app-name joke-bot --env-file .env.local tsx src/bot.ts',
    'respan run --exporter file,otlp --no-content node server.js',
  ],
  notes:
    'A flag wins over the environment, the environment over --env-file, and --env-file over .env in the ' +
    'working directory. With no API key and no OTLP endpoint, traces go to a file and are printed at the end.',
  async run(values, command) {
    const isDryRun = values.has('dry-run');
    if (command.length === 0 && !isDryRun) {
      throw new UsageError(
        'a command to run is missing\n  usage: respan run [flags] [--] <command …>\n  help:  respan help run',
      );
    }
    const flagged = variablesOf(values);
    checkInstruments(flagged);
    const files = readEnvFiles((values.get('env-file') ?? []) as string[]);
    if (isDryRun) {
      process.stdout.write(`${describePlan(makePlan(process.env, files, flagged), command)}\n`);
      return 0;
    }
    const plan = planOrNothing(() => makePlan(process.env, files, flagged));
    if (plan?.problem) say(plan.problem);
    const supervisor = plan?.isSupervised ? await startSupervisor() : undefined;
    const variables = {
      ...(plan?.variables ?? process.env),
      ...(supervisor && { [RUN_SOCKET_VARIABLE]: supervisor.path }),
    };
    const ending = await launch(command, variables, supervisor?.started);
    await supervisor?.end(ending);
    if ('failure' in ending) say(ending.failure);
    else if (plan?.reportFile && !lastValue(values, 'quiet')) printReport(plan.reportFile);
    return 'signal' in ending ? dieOf(ending.signal) : ending.code;
  },
};

/** A fault of ours must not keep the command from running. */
function planOrNothing(make: () => Plan): Plan | undefined {
  try {
    return make();
  } catch (error) {
    say(`could not start (${(error as Error).message}); the command runs untraced`);
    return undefined;
  }
}
