import { type Context, type ContextManager, isSpanContextValid, type SpanContext, trace } from './api';

/** What the app, or an SDK it uses, has registered with its own copies of `@opentelemetry/api`. */
export interface AppGlobals {
  version?: string;
  trace?: unknown;
  context?: ContextManager;
  propagation?: unknown;
}

const APP_API = Symbol.for('opentelemetry.js.api.1');

export function appGlobals(): AppGlobals | undefined {
  return (globalThis as Record<symbol, AppGlobals | undefined>)[APP_API];
}

/** The span that is active for the app's own SDK. Context keys are the same in every copy of the API. */
export function appSpanContext(): SpanContext | undefined {
  const active = appGlobals()?.context?.active() as Context | undefined;
  const spanContext = active && trace.getSpanContext(active);
  return spanContext && isSpanContextValid(spanContext) ? spanContext : undefined;
}
