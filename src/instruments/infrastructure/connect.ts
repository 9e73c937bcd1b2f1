import { ConnectInstrumentation } from '@opentelemetry/instrumentation-connect';
import { keepingNext } from './given-next';
import { instrumentation } from './instrumentation';
import { hasEvents, tracedWhere } from './real-response';

export const instrument = instrumentation('connect', () => knowingMiddleware(new ConnectInstrumentation()));

type Handle = (this: unknown, ...args: unknown[]) => unknown;

/**
 * It takes everything for middleware: of an app that is mounted Connect asks for its `handle`, and tells it its route, and of a
 * server for its listeners.
 */
function knowingMiddleware(made: ConnectInstrumentation): ConnectInstrumentation {
  const patcher = made as unknown as { _patchMiddleware(route: unknown, middleware: unknown): unknown };
  const { _patchMiddleware: apply } = patcher;
  patcher._patchMiddleware = (route, middleware) => {
    if (
      typeof middleware !== 'function' ||
      typeof (middleware as { handle?: unknown }).handle === 'function'
    ) {
      return middleware;
    }
    const original = middleware as Handle;
    const isOfErrors = original.length === 4;
    const { layer, around } = keepingNext(original, isOfErrors ? 3 : 2);
    const traced = apply.call(made, typeof route === 'string' ? route : '', layer) as Handle;
    Object.defineProperty(traced, 'name', { value: original.name, configurable: true });
    return tracedWhere(original, around(traced), (args) => hasEvents(args[isOfErrors ? 2 : 1]));
  };
  return made;
}
