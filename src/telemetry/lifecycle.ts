import { safely } from '../config/safely';
import type { Destination } from './destinations';
import type { OpenCalls } from './open-calls';

/** How long the natural end of the process may wait for the last export, in milliseconds. */
const SHUTDOWN_TIMEOUT_MILLIS = 2_000;

/**
 * The natural end of the process: what is still open is settled, what is finished is exported, within a
 * bound. Listens to `beforeExit` alone, which changes neither exit code nor signals; the other ends of a
 * process belong here too.
 */
export function followProcessEnd(
  running: { openCalls: OpenCalls; flush(): Promise<void> },
  destinations: Destination[],
): void {
  let flushing = false;
  process.on('beforeExit', () => {
    if (flushing) return;
    safely('the end of the process', () => {
      running.openCalls.settleAll();
      if (destinations.every((destination) => destination.isIdle())) return;
      flushing = true;
      // Exports never hold the event loop; this timer does, until they are done or the bound is reached.
      const hold = setTimeout(() => {
        for (const destination of destinations) destination.close();
      }, SHUTDOWN_TIMEOUT_MILLIS);
      void running.flush().finally(() => {
        clearTimeout(hold);
        // More work of the app's may follow in its own beforeExit listeners.
        flushing = false;
      });
    });
  });
}
