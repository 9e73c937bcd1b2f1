import type { ExplicitOptions } from './explicit-options';
import { SHARED_KEY } from './shared-key';

/**
 * What became of each library that was seen: the answer to "why don't I see my call?", for the debug log,
 * `respan doctor` and code.
 */
export interface LibraryStatus {
  instrument: string;
  package: string;
  version: string | undefined;
  directory: string;
  /** Skipped: there is nothing in this version that the instrument knows. */
  state: 'patched' | 'skipped' | 'failed';
  /** Outside the range the instrument was tested with. */
  untested: boolean;
  reason?: string;
}

/** What every copy of this package, and every hooked module, finds under Symbol.for('respan'). */
export interface Shared {
  version: string;
  /** Ids of the instruments that are switched on. */
  instruments?: readonly string[];
  /** Called by hooked modules, and those of bundles, with what the footer says of them. */
  moduleLoaded?: (
    target: unknown,
    exports: unknown,
    commonJs?: unknown,
    replace?: (exports: unknown) => void,
  ) => void;
  status?: () => LibraryStatus[];
  /** Runs a function in the context in which the loader was installed: outside of all that the app does. */
  outside?: <T>(fn: () => T) => T;
  /** Set when the telemetry starts. */
  telemetry?: {
    flush(): Promise<void>;
    configure(): void;
    isInModelCall?(): boolean;
    exportInTime?(): Promise<void> | undefined;
  };
  /** What the code that runs belongs to, where a task of a pool was given to this thread; null: to nothing. */
  carrier?: () => unknown;
  /** By a flag of node's, not by code. */
  isPreloaded?: boolean;
  /** What a thread that is just being made is to see as its flags. */
  shownFlags?: string[];
  /** Called where a builtin module is loaded, or may have been. */
  builtinLoaded?: (name: string) => void;
  /** What code has said so far; see explicit-options.ts. */
  options?: ExplicitOptions;
  /** Instrumentation scopes whose spans are not wanted any more. */
  blockedScopes?: Set<string>;
  /** Takes the options of another `new RespanTelemetry`. */
  configure?: (options: unknown) => void;
  /** What code can do, as this copy does it: src/telemetry/in-code.ts, loaded when it is first asked for. */
  inCode?: () => unknown;
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

/**
 * Where the bundled OpenTelemetry API keeps what is registered (scripts/third-party.mjs), in the form it gives it. It would put it
 * there with the first span, and test runners that look for new globals after a test find one.
 */
export function reserveGlobalOfApi(version: string): void {
  const name = Symbol.for(`respan.opentelemetry.js.api.${version.split('.', 1)[0]}`);
  if (name in globals) return;
  // The API assigns to it what it has found there.
  const value = { version };
  Object.defineProperty(globals, name, { value, enumerable: false, configurable: true, writable: true });
}

export function telemetryIfRunning(): Shared['telemetry'] {
  return shared()?.telemetry;
}
