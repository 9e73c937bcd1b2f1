import { createHook } from 'async_hooks';
import { constants } from 'os';
import { safely } from '../config/safely';
import { isThread } from '../config/threads';
import { standIn } from './follow';
import type { Ending } from './lifecycle';

/** Node's own handle on a signal, as `process.on('SIGTERM', …)` makes it. */
interface SignalHandle {
  onsignal: (number: number) => void;
  start(number: number): number;
  stop(): void;
  close(): void;
  unref(): void;
}
type SignalHandleClass = new () => SignalHandle;

type ProcessInside = NodeJS.Process & { _kill(pid: number, signal: number): number };

/** Those that end a process by default and come from outside. */
const WATCHED: NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];
/** Those an app may end itself with; nobody is called for them. */
const FATAL = [
  ...WATCHED,
  'SIGKILL',
  'SIGABRT',
  'SIGALRM',
  'SIGSEGV',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
];

const SWEEP_MILLIS = 250;

/**
 * A signal that the app does not handle ends it at once; here the spans leave first. `process.on('SIGTERM', …)` would do,
 * but the app could see it (`listenerCount`), and a library that asks whether somebody else handles the signal would stay
 * out. So it is the handle alone, as Node makes one for its own listeners: whenever the app listens itself, ours does
 * nothing; otherwise it exports, lets go of the signal, and sends it again, which ends the process as it would have ended.
 *
 * While there is a handle, a signal is seen when the event loop gets to it. An app that computes without a pause would
 * therefore not end before it is done: so there is one only while there is something to lose.
 */
export function followDefaultSignals(ending: Ending, onDeath: (signal: NodeJS.Signals) => void): void {
  const { openSpans } = ending.pipeline;
  // In threads there are no signals; on Windows they are something else. To process 1 the default of most is nothing.
  if (isThread() || process.platform === 'win32' || process.pid === 1) return;
  const Handle = signalHandleClass();
  if (!Handle) return;
  const handles = new Map<NodeJS.Signals, SignalHandle>();

  function watch(signal: NodeJS.Signals): void {
    if (process.listenerCount(signal) > 0 || handles.has(signal)) return;
    const handle = new Handle!();
    handle.unref();
    handle.onsignal = () => {
      // Somebody else, our caller included, may have stopped it by now.
      if (!handles.has(signal) || process.listenerCount(signal) > 0) return;
      die(signal);
      process.kill(process.pid, signal);
    };
    if (handle.start(constants.signals[signal]) === 0) handles.set(signal, handle);
    else handle.close();
  }

  function leave(signal: NodeJS.Signals): void {
    handles.get(signal)?.close();
    handles.delete(signal);
  }

  function leaveAll(): void {
    for (const signal of [...handles.keys()]) leave(signal);
  }

  function die(signal: NodeJS.Signals): void {
    // A second one, while the first is being seen to, ends the process at once.
    clearInterval(sweeper);
    sweeper = undefined;
    leaveAll();
    onDeath(signal);
    safely('the terminal', restoreTerminal);
  }

  let sweeper: NodeJS.Timeout | undefined;
  function start(): void {
    openSpans.onStart = undefined;
    for (const signal of WATCHED) watch(signal);
    sweeper = setInterval(() => safely('signals', sweep), SWEEP_MILLIS);
    sweeper.unref();
  }
  function sweep(): void {
    openSpans.sweep();
    const isIdle =
      openSpans.size === 0 &&
      ending.openCalls.size === 0 &&
      ending.destinations().every((destination) => destination.isIdle());
    if (isIdle) {
      clearInterval(sweeper);
      sweeper = undefined;
      leaveAll();
      openSpans.onStart = start;
    } else {
      for (const signal of WATCHED) watch(signal);
    }
  }

  // A listener of the app's that is called once is gone by the time we are called: ours leaves when it comes.
  process.on('newListener', (name) => leave(name as NodeJS.Signals));
  process.on('removeListener', (name) => {
    if (sweeper && WATCHED.includes(name as NodeJS.Signals)) watch(name as NodeJS.Signals);
  });
  // An app that ends itself by a signal is not there any more after the call.
  const inside = process as ProcessInside;
  const { _kill: kill } = inside;
  inside._kill = standIn(kill, (original, self, [pid, number]) => {
    safely('signals', () => {
      const signal = FATAL.find((name) => constants.signals[name as NodeJS.Signals] === number);
      if (!signal || (pid !== process.pid && pid !== 0)) return;
      if (process.listenerCount(signal) === 0) die(signal as NodeJS.Signals);
    });
    return Reflect.apply(original, self, [pid, number]);
  });
  start();
}

/** The class is not for sale: one is made for a moment, and seen as it is made. */
function signalHandleClass(): SignalHandleClass | undefined {
  let found: SignalHandleClass | undefined;
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'SIGNALWRAP') found = resource.constructor as SignalHandleClass;
    },
  });
  const listener = () => {};
  // One that nobody listens to: the first listener is what makes the handle.
  const signal = [...WATCHED].reverse().find((name) => process.listenerCount(name) === 0);
  if (!signal) return undefined;
  hook.enable();
  process.on(signal, listener);
  process.off(signal, listener);
  hook.disable();
  return found;
}

/** Node does it when a signal ends it, unless there is a handle. */
function restoreTerminal(): void {
  const { isatty } = require('tty') as typeof import('tty');
  if (isatty(0) && process.stdin.isRaw) process.stdin.setRawMode(false);
}
