import { SHARED_KEY } from '../config/shared-key';
import type { LibraryStatus } from './status';
import type { Target } from './targets';

/** What every copy of this package, and every hooked module, finds under Symbol.for('respan'). */
export interface Shared {
  version: string;
  /** Ids of the instruments that are switched on. */
  instruments?: readonly string[];
  moduleLoaded?: (target: Target, exports: unknown) => void;
  status?: () => LibraryStatus[];
  /** Set when the telemetry starts. */
  telemetry?: { flush(): Promise<void> };
}

const globals = globalThis as Record<symbol, unknown>;
const key = Symbol.for(SHARED_KEY);

/** The loader running in this process, whichever copy of the package it came from. */
export function shared(): Shared | undefined {
  return globals[key] as Shared | undefined;
}

export function publish(value: Shared): void {
  Object.defineProperty(globals, key, { value, enumerable: false, configurable: true });
}

export function telemetryIfRunning(): Shared['telemetry'] {
  return shared()?.telemetry;
}
