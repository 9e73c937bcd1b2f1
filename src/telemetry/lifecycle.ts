import { safely } from '../config/safely';
import type { Destination } from './destinations';
import type { Urgency } from './exporter';
import { standIn } from './follow';
import { type Interruption, interrupt } from './interrupted';
import type { OpenCalls } from './open-calls';
import type { Pipeline } from './pipeline';

const WHERE = 'the end of the process';

export interface Ending {
  openCalls: OpenCalls;
  pipeline: Pipeline;
  destinations(): readonly Destination[];
  flush(): Promise<unknown>;
  /** Takes over what threads leave that end with this process. */
  takeAll(): void;
  /** How long the end may wait for the last export, in milliseconds. */
  timeout(): number;
}

type ProcessInside = NodeJS.Process & {
  reallyExit(code?: number): never;
  _exiting?: boolean;
};

/**
 * Every end of the process that still runs our code: what is open is settled, what is finished is exported, within a
 * bound, and neither exit code nor signal nor output change.
 * - The natural end waits (`beforeExit`); exports are asynchronous there.
 * - Any other end comes at once (`process.exit`, an uncaught error, a signal that nobody handles): last-moment.ts.
 * Answers with what exports before the process stands still for a while, as in AWS Lambda.
 */
export function followProcessEnd(ending: Ending): () => Promise<void> | undefined {
  const { openCalls, pipeline, destinations, flush, timeout } = ending;
  const inside = process as ProcessInside;
  let flushing = false;
  /** By performance.now(); the natural end and what comes behind it share one bound. */
  let deadline: number | undefined;
  /** Nobody has work left, and it is not known whether more comes. */
  let isNatural = false;

  const hurry = (urgency: Urgency) => {
    for (const destination of destinations()) destination.setUrgency(urgency);
  };
  process.on('beforeExit', () => {
    if (flushing) return;
    safely(WHERE, () => {
      openCalls.settleAll();
      if (destinations().every((destination) => destination.isIdle())) {
        isNatural = true;
        // Runs only where there is more work after all.
        setImmediate(() => (isNatural = false)).unref();
        return;
      }
      // When all has left, the end of the work is told again.
      flushing = true;
      deadline = performance.now() + timeout();
      void exportWithin().finally(() => (flushing = false));
    });
  });

  async function exportWithin(): Promise<void> {
    hurry('ending');
    // Exports never hold the event loop; this timer does, until they are done or the bound is reached.
    const hold = setTimeout(() => hurry('over'), timeout());
    await flush().finally(() => {
      clearTimeout(hold);
      // More work of the app's may follow in its own beforeExit listeners.
      hurry('normal');
    });
  }

  function lastMoment(interruption: Interruption): void {
    safely(WHERE, () => {
      interrupt(interruption, () => {
        openCalls.settleAll();
        pipeline.openSpans.endAll();
      });
      pipeline.releaseHeld();
      ending.takeAll();
      if (destinations().every((destination) => destination.isIdle())) return;
      deadline ??= performance.now() + timeout();
      const { exportNow } = require('./last-moment') as typeof import('./last-moment');
      exportNow(destinations(), deadline);
    });
  }

  function conclude(): void {
    safely(WHERE, () => {
      for (const destination of destinations()) destination.conclude();
    });
  }

  const error = followUncaughtErrors(() => {
    // An error in a listener of `exit`: the ones behind it are not called.
    if (inside._exiting) atExit(process.exitCode ?? 1);
  });

  function atExit(code: unknown): void {
    lastMoment({ by: error.class() ?? `exit code ${code}`, isFailure: !isNatural });
    conclude();
    // What still ends has no later moment than its own.
    pipeline.onEnded = () => {
      lastMoment({ by: `exit code ${code}`, isFailure: true });
      conclude();
    };
  }
  process.on('exit', (code) => atExit(process.exitCode ?? code));

  // For listeners of `exit` that come after ours, or call process.exit before it.
  const { reallyExit } = inside;
  inside.reallyExit = standIn(reallyExit, (original, self, args): never => {
    atExit(args[0] ?? process.exitCode ?? 0);
    return Reflect.apply(original, self, args);
  });

  watchSignals(ending, (signal) => {
    lastMoment({ by: signal, isFailure: true });
    conclude();
  });

  return () => (destinations().every((destination) => destination.isIdle()) ? undefined : exportWithin());
}

/** Signals that nobody handles end the process without running anything: watched while there is something to lose. */
function watchSignals(ending: Ending, onDeath: (signal: NodeJS.Signals) => void): void {
  const { openSpans } = ending.pipeline;
  openSpans.onStart = () => {
    // Another process sees to them, and the signal stays Node's.
    if (ending.destinations().every((destination) => destination.outlivesUs?.())) return;
    openSpans.onStart = undefined;
    safely(WHERE, () => {
      const { followDefaultSignals } = require('./default-signals') as typeof import('./default-signals');
      followDefaultSignals(ending, onDeath);
    });
  };
}

/** The class of an error that ends the process in this very turn of the event loop. */
function followUncaughtErrors(onError: () => void): { class(): string | undefined } {
  let name: string | undefined;
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    safely(WHERE, () => {
      name = (error as Error | undefined)?.constructor?.name ?? typeof error;
      // Runs only where the app handles it and goes on.
      setImmediate(() => (name = undefined)).unref();
      onError();
    });
  });
  return { class: () => name };
}
