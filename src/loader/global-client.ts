import { safely } from '../config/safely';

/**
 * `globalThis.respan`: the client, for code into whose process the preload was put from outside. Made when it is first
 * looked at, and the app's own should it have a global of that name.
 */
export function offerGlobally(): void {
  if ('respan' in globalThis) return;
  const own = (value: unknown) =>
    Object.defineProperty(globalThis, 'respan', {
      value,
      configurable: true,
      writable: true,
      enumerable: false,
    });
  Object.defineProperty(globalThis, 'respan', {
    configurable: true,
    enumerable: false,
    get() {
      const client = safely('the global client', () =>
        (require('../client/client') as typeof import('../client/client')).getClient(),
      );
      own(client);
      return client;
    },
    set(value: unknown) {
      // The app's own assignment makes a property as usual.
      own(value);
      Object.defineProperty(globalThis, 'respan', { enumerable: true });
    },
  });
}
