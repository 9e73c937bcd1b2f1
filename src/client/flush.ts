import { runningIfStarted } from './running';

/**
 * Exports every span that has finished so far.
 *
 * @returns a promise that settles when they are out or have failed; it never rejects. Without running
 * telemetry it settles at once.
 */
export async function flush(): Promise<void> {
  await runningIfStarted()?.flush();
}
