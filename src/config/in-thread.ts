import { readFileSync } from 'fs';
import { env, execArgv } from 'process';
import { builtin } from './builtin';
import { HANDED_OVER } from './threads';

/** What a thread gets from the one that starts it, by the name HANDED_OVER. */
export interface HandedOver {
  carrier?: unknown;
  settings: Record<string, string>;
  /** Its flags without ours. */
  execArgv?: string[];
}

let wasGivenOurFlag = false;

/** Whether this is a thread with flags that its app does not know of. */
export const wereFlagsTakenOut = (): boolean => wasGivenOurFlag;

/** The variables whose names are `ours`, as whoever started this thread has them. */
export function takeHandedOver(ours: RegExp): Record<string, string> {
  const { getEnvironmentData } = builtin<typeof import('worker_threads')>('worker_threads');
  const { settings, execArgv: shown } = (getEnvironmentData(HANDED_OVER) ?? {}) as Partial<HandedOver>;
  if (shown) {
    wasGivenOurFlag = true;
    execArgv.splice(0, execArgv.length, ...shown);
  }
  return settings ?? (Object.keys(env).some((name) => ours.test(name)) ? {} : ofTheProcess(ours));
}

/** A thread that was started before anything of ours saw it: Linux keeps what the process was started with. */
function ofTheProcess(ours: RegExp): Record<string, string> {
  try {
    const pairs = readFileSync('/proc/self/environ', 'utf8')
      .split('\0')
      .filter((pair) => ours.test(pair));
    return Object.fromEntries(
      pairs.map((pair) => [pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1)]),
    );
  } catch {
    return {};
  }
}
