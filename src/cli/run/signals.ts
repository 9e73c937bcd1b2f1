import { closeSync, openSync, readFileSync } from 'fs';
import { constants } from 'os';

/** What is handed on to the command; SIGUSR1 too, which would otherwise open our own inspector. */
const FORWARDED: NodeJS.Signals[] = [
  ...(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const),
  ...(['SIGABRT', 'SIGALRM', 'SIGUSR1', 'SIGUSR2'] as const),
];

/** Hands signals on to `kill` until the returned function is called. */
export function forwardSignals(kill: (signal: NodeJS.Signals) => void): () => void {
  const forward = (signal: NodeJS.Signals): void => {
    const fromKeyboard = signal === 'SIGINT' || signal === 'SIGQUIT';
    if (fromKeyboard && sharesKeyboard()) return;
    kill(signal);
  };
  const signals = FORWARDED.filter((signal) => signal in constants.signals);
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}

/**
 * Whether Ctrl-C reaches the command without us: a terminal sends it to every process of its foreground group,
 * and an app that gets it a second time takes that for "at once" instead of "when you are done".
 */
function sharesKeyboard(): boolean {
  if (process.platform === 'win32') return true;
  try {
    // Behind the name in parentheses: state, parent, process group, session, terminal, its foreground group.
    const fields = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[2] === fields[5];
  } catch {
    return hasTerminal();
  }
}

/** Without /proc (macOS): only a process with a controlling terminal can open it by that name. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Ends this process by the signal its command died of; the exit code is for signals that Node survives. */
export async function dieOf(signal: NodeJS.Signals): Promise<number> {
  const code = 128 + (constants.signals[signal] ?? 0);
  // Node ignores SIGPIPE and opens its inspector on SIGUSR1: raising those would not end anything.
  if (signal === 'SIGPIPE' || signal === 'SIGUSR1') return code;
  process.kill(process.pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return code;
}
