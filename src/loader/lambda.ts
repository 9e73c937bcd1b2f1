import { basename } from 'path';
import { safely } from '../config/safely';
import { telemetryIfRunning } from '../config/shared';

type Next = (this: unknown, ...args: unknown[]) => unknown;
type Dlopen = (this: unknown, ...args: unknown[]) => unknown;

/**
 * AWS Lambda freezes the process as soon as its runtime asks for the next invocation, timers and connections included.
 * The runtime asks through a native module of its own; here its question waits until what has ended is exported. By then
 * the response has been given, so nobody waits for it, and whatever form a handler has it is followed.
 */
export function exportBeforeFreeze(): void {
  const inside = process as unknown as { dlopen: Dlopen };
  const { dlopen } = inside;
  const watching: Dlopen = function (...args) {
    const result = Reflect.apply(dlopen, this, args);
    const [module, filename] = args as [{ exports: unknown }?, unknown?];
    if (typeof filename === 'string' && basename(filename) === 'rapid-client.node') {
      if (inside.dlopen === watching) inside.dlopen = dlopen;
      safely('AWS Lambda', () => wrapNext(module?.exports));
    }
    return result;
  };
  inside.dlopen = watching;
}

function wrapNext(client: unknown): void {
  const { next } = client as { next?: Next };
  if (typeof next !== 'function') return;
  (client as { next: Next }).next = function (...args) {
    const exported = safely('AWS Lambda', () => telemetryIfRunning()?.exportInTime?.());
    const ask = () => Reflect.apply(next, this, args);
    return exported ? exported.then(ask, ask) : ask();
  };
}
