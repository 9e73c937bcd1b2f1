import { printAs } from '../../telemetry/follow';
import { noteStandIn } from '../../telemetry/stand-ins';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Makes the replacement for `original`. It is called with the original and answers with the function that
 * takes its place. Where that is one of a module, a method of an object literal: those have no `prototype`, as async
 * functions have none, and are given that of a function that has one.
 */
export type Wrapper = (original: AnyFunction) => AnyFunction;

/** Wraps `target[name]`, where it is a function that is not wrapped yet; see `patch`. */
export type Wrap = typeof wrapMethod;

/** A method is never wrapped twice. */
const wrapped = new WeakSet<object>();

/**
 * Replaces methods in place and, should a later step of the same patch throw, puts all of them back: a
 * library is either patched or untouched.
 */
export function patch(steps: (wrap: Wrap, undoable: (restore: () => void) => void) => void): void {
  const undo: (() => void)[] = [];
  try {
    steps(
      (target, name, wrapper) => {
        const restore = wrapMethod(target, name, wrapper);
        if (restore) undo.push(restore);
        return restore;
      },
      (restore) => void undo.push(restore),
    );
  } catch (error) {
    for (const restore of undo.reverse()) restore();
    throw error;
  }
}

/**
 * Wraps `target[name]`, where it is a function that is not wrapped yet. Answers with a way back, or undefined
 * when there was nothing to do. Throws where it cannot be replaced (a frozen object, a constant of a module).
 */
function wrapMethod(target: object, name: string | symbol, wrapper: Wrapper): (() => void) | undefined {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  const original = (target as Record<string | symbol, unknown>)[name];
  if (typeof original !== 'function' || wrapped.has(original)) return undefined;
  const replacement = wrapper(descriptor ? (original as AnyFunction) : inherited(target, name));
  // Name, length and whatever the library hung onto the function stay as they are.
  Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
  wrapped.add(replacement);
  noteStandIn(replacement, original);
  // Async and generator functions stay of their kind for those who look at the constructor.
  const kind = Object.getPrototypeOf(original) as object;
  if (kind !== Function.prototype) {
    Object.setPrototypeOf(replacement, kind);
    printAs(replacement, original);
  }
  // A name of a module: written through, into its scope and its exports.
  if (descriptor?.set) {
    const { set } = descriptor;
    set.call(target, replacement);
    return () => set.call(target, original);
  }
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

/** A method of the parent class, looked up when it is called: other tracers may patch it there after us. */
function inherited(target: object, name: string | symbol): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const method = (Object.getPrototypeOf(target) as Record<string | symbol, AnyFunction>)[name]!;
    return method.apply(this, args);
  };
}
