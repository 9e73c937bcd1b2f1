import { safely } from '../../config/safely';
import { standIn } from '../../telemetry/follow';

type AnyFunction = (...args: never[]) => unknown;

/**
 * Puts `run` in front of a method of this one object, as a property that no listing of it shows. `run` sees the
 * arguments before the method does; the call itself goes through whatever it does.
 */
export function before(target: object, name: string, run: (args: unknown[]) => void): void {
  const original = (target as Record<string, unknown>)[name];
  if (typeof original !== 'function') return;
  const value = standIn(original as AnyFunction, (method, self, args) => {
    safely('the HTTP net', () => run(args));
    return Reflect.apply(method, self, args) as never;
  });
  Object.defineProperty(target, name, { configurable: true, writable: true, enumerable: false, value });
}
