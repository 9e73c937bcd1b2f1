/**
 * Sentry from version 11 on keeps its scopes to itself instead of in the context of the OpenTelemetry API. Its
 * copies meet on `globalThis.__SENTRY__`, an entry a version, each with the strategy by which its scopes follow
 * async code; a strategy is there once `Sentry.init` has been called.
 */
interface Strategy {
  withScope?<T>(callback: (scope: Scope) => T): T;
  suppressTracing?<T>(callback: () => T): T;
  getCurrentScope?(): Scope;
}

interface Scope {
  setSDKProcessingMetadata?(metadata: Record<string, unknown>): unknown;
  getScopeData?(): { sdkProcessingMetadata?: Record<string, unknown> };
}

const SUPPRESSED = '__SENTRY_SUPPRESS_TRACING__';

function strategies(): Strategy[] {
  const carriers = (globalThis as { __SENTRY__?: Record<string, unknown> }).__SENTRY__;
  if (!carriers) return [];
  return Object.values(carriers).flatMap((carrier) => (carrier as { acs?: Strategy } | undefined)?.acs ?? []);
}

/** Whether Sentry runs, which sends its trace along with the app's requests. */
export function hasSentry(): boolean {
  return strategies().length > 0;
}

/** Runs `fn` so that Sentry sees nothing of it. */
export function untracedBySentry<T>(fn: () => T): T {
  return strategies().reduce<() => T>((inner, strategy) => () => suppress(strategy, inner), fn)();
}

function suppress<T>(strategy: Strategy, fn: () => T): T {
  if (strategy.suppressTracing) return strategy.suppressTracing(fn);
  if (!strategy.withScope) return fn();
  return strategy.withScope((scope) => {
    scope.setSDKProcessingMetadata?.({ [SUPPRESSED]: true });
    return fn();
  });
}

/** Whether what runs now is Sentry's own business, such as sending its events. */
export function isSuppressedBySentry(): boolean {
  return strategies().some((strategy) => {
    return strategy.getCurrentScope?.().getScopeData?.().sdkProcessingMetadata?.[SUPPRESSED] === true;
  });
}
