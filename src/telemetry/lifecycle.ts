import { safely } from '../config/safely';
import type { Destination } from './destinations';
import type { Urgency } from './exporter';
import type { OpenCalls } from './open-calls';

/** How long the natural end of the process may wait for the last export, in milliseconds. */
const SHUTDOWN_TIMEOUT_MILLIS = 2_000;

/**
 * The natural end of the process: what is still open is settled, what is finished is exported, within a
 * bound. Listens to `beforeExit` and `exit` alone, which changes neither exit code nor signals; the other ends
 * of a process belong here too. Where it ends at once (`process.exit`, an uncaught error), what is open is settled as
 * well, and reaches the destinations that write as each span ends.
 */
export function followProcessEnd(
  running: { openCalls: OpenCalls; flush(): Promise<void> },
  destinations: () => readonly Destination[],
): void {
  let flushing = false;
  const hurry = (urgency: Urgency) => {
    for (const destination of destinations()) destination.setUrgency(urgency);
  };
  process.on('beforeExit', () => {
    if (flushing) return;
    safely('the end of the process', () => {
      running.openCalls.settleAll();
      if (destinations().every((destination) => destination.isIdle())) return;
      flushing = true;
      hurry('ending');
      // Exports never hold the event loop; this timer does, until they are done or the bound is reached.
      const hold = setTimeout(() => hurry('over'), SHUTDOWN_TIMEOUT_MILLIS);
      void running.flush().finally(() => {
        clearTimeout(hold);
        // More work of the app's may follow in its own beforeExit listeners.
        hurry('normal');
        flushing = false;
      });
    });
  });
  process.on('exit', () => {
    safely('the end of the process', () => {
      running.openCalls.settleAll();
      for (const destination of destinations()) destination.conclude();
    });
  });
}
