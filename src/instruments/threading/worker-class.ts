import { syncBuiltinESMExports } from 'module';
import { join } from 'path';
import { builtin } from '../../config/builtin';
import { settingsToHandOver } from '../../config/environment';
import { safely } from '../../config/safely';
import { shared, telemetryIfRunning } from '../../config/shared';
import { HANDED_OVER, isThread } from '../../config/threads';

type Threads = { Worker: typeof import('worker_threads').Worker };
type Options = import('worker_threads').WorkerOptions;

const WHERE = 'a thread with its own flags';

let patched: { original: object; replacement: object } | undefined;

/**
 * A thread that is given flags of its own does not get those this process was started with, one that is given an
 * environment of its own has no NODE_OPTIONS, and one that runs a text does not wait for --import: they would run
 * untraced. It gets one more flag, which it takes back out of `process.execArgv` before the app runs. All others are made
 * as ever.
 */
export function patchWorkerClass(): void {
  patched ??= replaceWorkerClass();
  // Not loaded for this alone.
  if (!telemetryIfRunning()) return;
  const { noteStandIn } = require('../../telemetry/stand-ins') as typeof import('../../telemetry/stand-ins');
  noteStandIn(patched.replacement, patched.original);
}

function replaceWorkerClass(): NonNullable<typeof patched> {
  const threads = builtin<Threads>('worker_threads');
  const { Worker } = threads;
  const replacement: typeof Worker = new Proxy(Worker, {
    construct(target, args: [unknown, Options?], newTarget) {
      const given = safely(WHERE, () => flagsFor(args[1]));
      const asEver = () => Reflect.construct(target, args, newTarget);
      if (!given) return inheritsOurFlag(args[1]) ? showing([...process.execArgv], asEver) : asEver();
      const [filename, options = {}] = args;
      const withFlag = new Proxy(options, {
        get: (all, name) => (name === 'execArgv' ? given.withOurs : Reflect.get(all, name)),
      });
      try {
        return showing(given.shown, () => Reflect.construct(target, [filename, withFlag], newTarget));
      } catch {
        // What this process was started with may not be allowed in a thread.
        return asEver();
      }
    },
  });
  Object.defineProperty(Worker.prototype, 'constructor', {
    ...Object.getOwnPropertyDescriptor(Worker.prototype, 'constructor'),
    value: replacement,
  });
  threads.Worker = replacement;
  syncBuiltinESMExports();
  return { original: Worker, replacement };
}

/** A thread that was given our flag passes it on, and does not know. */
const inheritsOurFlag = (options: Options | undefined): boolean =>
  isThread() &&
  options?.execArgv === undefined &&
  (require('../../config/in-thread') as typeof import('../../config/in-thread')).wereFlagsTakenOut();

/** What is handed to threads meanwhile says what their flags are. */
function showing<T>(execArgv: string[], construct: () => T): T {
  const { setEnvironmentData } = builtin<typeof import('worker_threads')>('worker_threads');
  const running = shared();
  setEnvironmentData(HANDED_OVER, { settings: settingsToHandOver(), execArgv } as never);
  // Whoever hands over more, does it again.
  if (running) running.shownFlags = execArgv;
  try {
    return construct();
  } finally {
    if (running) running.shownFlags = undefined;
    setEnvironmentData(HANDED_OVER, undefined as never);
  }
}

interface Flags {
  withOurs: string[];
  /** What the thread is to see. */
  shown: string[];
}

/** Undefined where the thread gets us by itself, or is not to. */
function flagsFor(options: Options | undefined): Flags | undefined {
  if (!shared()?.isPreloaded) return undefined;
  const { env, execArgv, eval: isText } = options ?? {};
  if (execArgv !== undefined && !Array.isArray(execArgv)) return undefined;
  const isOwnEnvironment = typeof env === 'object' && env !== null;
  const { NODE_OPTIONS } = isOwnEnvironment ? (env as NodeJS.ProcessEnv) : process.env;
  const inherited = String(NODE_OPTIONS ?? '').split(/\s+/);
  const shown = (execArgv ?? process.execArgv).map(String);
  // Node does not wait for --import before it runs a text.
  if ([inherited, shown].some((flags) => loadsUs(flags, isText === true))) return undefined;
  // By a preload of the app's own: only what would be lost is looked at.
  if (!isText && !execArgv && !isOwnEnvironment) return undefined;
  return { withOurs: ['--require', register(), ...shown], shown };
}

const register = () => join(__dirname, 'register.js');

const OURS = /\brespan\b.*\bregister\b|[\\/]dist[\\/]register\.m?js/;

function loadsUs(flags: readonly string[], byRequire: boolean): boolean {
  return flags.some((flag, i) => {
    if (!OURS.test(flag)) return false;
    return !byRequire || /^(-r|--require)\b/.test(flag.startsWith('-') ? flag : (flags[i - 1] ?? ''));
  });
}
