import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { suppressTracing } from '@opentelemetry/core';
import { type Context, type ContextManager, context, propagation } from './api';
import { CarefulPropagator } from './propagator';

/** Our context across async code. One per process; the app's copies of the API may share it. */
export const contextManager: ContextManager = new AsyncLocalStorageContextManager().enable();

export function registerContext(): void {
  context.setGlobalContextManager(contextManager);
  propagation.setGlobalPropagator(new CarefulPropagator());
}

const APP_API = Symbol.for('opentelemetry.js.api.1');

/**
 * Runs `fn` so that neither our instruments nor an OpenTelemetry SDK of the app's own traces what it does:
 * the requests of an export are not part of anybody's trace.
 */
export function untraced<T>(fn: () => T): T {
  const ours = () => context.with(suppressTracing(context.active()), fn);
  const app = (globalThis as Record<symbol, { context?: ContextManager } | undefined>)[APP_API]?.context;
  if (!app || app === contextManager) return ours();
  return app.with(suppressTracing(app.active() as Context), ours);
}
