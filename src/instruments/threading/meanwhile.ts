import type { Method } from './replace';

/** Runs `work` while `target` has another method `name`; nobody sees it before or after. */
export function meanwhile<T>(target: object, name: string, method: Method, work: () => T): T {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value: method });
  try {
    return work();
  } finally {
    if (own) Object.defineProperty(target, name, own);
    else delete (target as Record<string, unknown>)[name];
  }
}
