import { log } from '../config/log';
import { noteStandIn } from '../telemetry/stand-ins';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** What has become of the library's function within one call of its wrapper. */
interface Asked {
  around: Asked | undefined;
  returned?: { value: unknown };
  thrown?: { error: unknown };
}

/**
 * What `wrapper` makes of `original`, and as harmless as if it were not there: where it throws an error of its own (of an
 * argument that it cannot write down, say), the app gets what the library answers, and `who` is said to have missed a call
 * of `name`. Both are entered without a frame more than needed: an error of the app's keeps ten.
 */
export function guarded(
  who: string,
  name: string,
  original: AnyFunction,
  wrapper: (original: unknown) => unknown,
): unknown {
  let current: Asked | undefined;

  // Wrappers read its properties, and construct it.
  const watched = new Proxy(original, {
    apply(target, self, args: unknown[]) {
      const asked = current;
      try {
        const value = Reflect.apply(target, self, args);
        if (asked) asked.returned = { value };
        return value;
      } catch (error) {
        if (asked) asked.thrown = { error };
        throw error;
      }
    },
    construct(target, args: unknown[], newTarget) {
      const asked = current;
      try {
        const value = Reflect.construct(target, args, newTarget) as object;
        if (asked) asked.returned = { value };
        return value;
      } catch (error) {
        if (asked) asked.thrown = { error };
        throw error;
      }
    },
  });
  noteStandIn(watched, original);
  const wrapped = wrapper(watched);
  if (wrapped === watched) return original;
  if (typeof wrapped !== 'function') return wrapped;

  function recovered({ thrown, returned }: Asked, error: unknown, bare: () => unknown): unknown {
    if (thrown) throw thrown.error;
    const reason = error instanceof Error ? error.message : typeof error;
    log.once('warn', `${who} has not traced a call of ${name}: ${reason} (the app is not affected)`);
    return returned ? returned.value : bare();
  }

  return new Proxy(wrapped as AnyFunction, {
    apply(target, self, args: unknown[]) {
      const asked: Asked = { around: current };
      current = asked;
      try {
        return Reflect.apply(target, self, args);
      } catch (error) {
        return recovered(asked, error, () => Reflect.apply(original, self, args));
      } finally {
        current = asked.around;
      }
    },
    construct(target, args: unknown[], newTarget) {
      const asked: Asked = { around: current };
      current = asked;
      try {
        return Reflect.construct(target, args, newTarget) as object;
      } catch (error) {
        return recovered(asked, error, () => Reflect.construct(original, args, newTarget)) as object;
      } finally {
        current = asked.around;
      }
    },
  });
}
