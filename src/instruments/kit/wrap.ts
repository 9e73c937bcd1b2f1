type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Makes the replacement for `original`. It is called with the original and answers with the function that
 * takes its place.
 */
export type Wrapper = (original: AnyFunction) => AnyFunction;

/** Shared between copies of this package, so that a method is never wrapped twice. */
const WRAPPED = Symbol.for('respan.wrapped');

/**
 * Replaces methods in place and, should a later step of the same patch throw, puts all of them back: a
 * library is either patched or untouched.
 */
export function patch(steps: (wrap: typeof wrapMethod) => void): void {
  const undo: (() => void)[] = [];
  try {
    steps((target, name, wrapper) => {
      const restore = wrapMethod(target, name, wrapper);
      if (restore) undo.push(restore);
      return restore;
    });
  } catch (error) {
    for (const restore of undo.reverse()) restore();
    throw error;
  }
}

/**
 * Wraps `target[name]`, where it is a function that is not wrapped yet. Answers with a way back, or undefined
 * when there was nothing to do. Throws where the property cannot be redefined (a frozen object).
 */
function wrapMethod(target: object, name: string | symbol, wrapper: Wrapper): (() => void) | undefined {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  const original = (target as Record<string | symbol, unknown>)[name];
  if (typeof original !== 'function' || WRAPPED in original) return undefined;
  const replacement = wrapper(original as AnyFunction);
  // Name, length and whatever the library hung onto the function stay as they are.
  Object.defineProperties(replacement, {
    ...Object.getOwnPropertyDescriptors(original),
    [WRAPPED]: { value: true, enumerable: false },
  });
  const shape = descriptor ?? { configurable: true, enumerable: false };
  Object.defineProperty(target, name, {
    configurable: shape.configurable ?? true,
    enumerable: shape.enumerable ?? false,
    writable: true,
    value: replacement,
  });
  return () => {
    if (descriptor) Object.defineProperty(target, name, descriptor);
    else delete (target as Record<string | symbol, unknown>)[name];
  };
}
