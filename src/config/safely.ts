import { log } from './log';

let faults = 0;

/** How many times our own code failed in this process; each was kept from the app. */
export function faultCount(): number {
  return faults;
}

/** Counts an error of ours and logs it once. Never throws. */
export function reportFault(where: string, error: unknown): void {
  reportFaultAs(
    (reason) => log.once('error', `internal error in ${where}: ${reason} (the app is not affected)`),
    error,
  );
}

/** The same in the caller's words. */
export function reportFaultAs(say: (reason: string) => void, error: unknown): void {
  faults += 1;
  try {
    say(error instanceof Error ? error.message : String(error));
    if (error instanceof Error && error.stack) log.debug(error.stack);
  } catch {
    // An error whose message cannot even be read stays counted.
  }
}

/**
 * What the app lets us read, or undefined where that throws: a getter of the app's that does is no fault of ours, and costs no more
 * than what was to be read.
 */
export function readable<T>(what: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    log.debug(`${what} could not be read: ${error instanceof Error ? error.message : typeof error}`);
    return undefined;
  }
}

/**
 * The boundary between the app and us: runs `step`, and whatever it throws is counted, logged once and
 * answered with undefined. Every entry from app code into ours goes through here exactly once.
 */
export function safely<T>(where: string, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    reportFault(where, error);
    return undefined;
  }
}
