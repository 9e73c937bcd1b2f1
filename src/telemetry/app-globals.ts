import { safely } from '../config/safely';
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

/** Tells what is seen of a request, where the app has an SDK that may trace and export the same calls. */
export function besideAppSdk(where: string, tell: (twice: typeof import('./traced-twice')) => void): void {
  if (!appGlobals()?.trace) return;
  safely(where, () => tell(require('./traced-twice') as typeof import('./traced-twice')));
}

/** The span that is active for the app's own SDK. Context keys are the same in every copy of the API. */
export function appSpanContext(): SpanContext | undefined {
  const active = appGlobals()?.context?.active() as Context | undefined;
  const spanContext = active && trace.getSpanContext(active);
  return spanContext && isSpanContextValid(spanContext) ? spanContext : undefined;
}
