import { performance as nodes, type Performance } from 'perf_hooks';

/**
 * Node's clock, as it was when something was traced first: an app's tests put others in its place, and count how often
 * these are asked.
 */
export const performance: Pick<Performance, 'now' | 'timeOrigin' | 'eventLoopUtilization'> = {
  now: nodes.now.bind(nodes),
  eventLoopUtilization: nodes.eventLoopUtilization.bind(nodes),
  timeOrigin: nodes.timeOrigin,
};

let ahead = Number.NEGATIVE_INFINITY;

/**
 * Milliseconds since 1970 with their fraction. `Date.now()` tells whole ones, and spans that start within the same one
 * would have no order. Between two of those this is the clock that never jumps; the system's, where they disagree.
 */
export function systemTime(): number {
  const whole = Date.now();
  const elapsed = performance.now();
  const time = elapsed + ahead;
  if (time < whole) return agreeOn(whole, elapsed);
  if (time < whole + 2) return time;
  // Where the process had to wait between the two looks, the system's clock has gone on since the first.
  const again = Date.now();
  return time < again + 2 ? time : agreeOn(again, elapsed);
}

function agreeOn(time: number, elapsed: number): number {
  ahead = time - elapsed;
  return time;
}

/** The same of a moment by `performance.now()`: no time passes between two readings, as it does where the process has to wait. */
export function systemTimeOf(moment: number): number {
  systemTime();
  return moment + ahead;
}
