type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Methods = Record<string, AnyFunction>;

/** What OpenTelemetry's wrappers carry, by which others recognise them and take them off. */
interface Marks {
  __wrapped?: boolean;
  __original?: AnyFunction;
  __unwrap?: () => void;
}

/**
 * Lets `patch` wrap methods of `target` in the way of OpenTelemetry's instrumentations, which take off the
 * wrapper of any other of their kind that they find, such as that of the app's own SDK. Here they find copies
 * of the methods without marks; what they make of them is put above whatever is there, and looks like it: the
 * app's instrumentation can still recognise its wrapper and take it off.
 */
export function layerAbove(target: object, names: readonly string[], patch: (copy: Methods) => void): void {
  const layers = names.map((name) => ({ name, ...passage((target as Methods)[name]!) }));
  const copy: Methods = Object.fromEntries(layers.map(({ name, pass }) => [name, pass]));
  patch(copy);
  for (const { name, pass, showOn } of layers) {
    const value = copy[name]!;
    if (value === pass) continue;
    showOn(value);
    const enumerable = Object.prototype.propertyIsEnumerable.call(target, name);
    Object.defineProperty(target, name, { configurable: true, writable: true, enumerable, value });
  }
}

function passage(original: AnyFunction) {
  let current = original;
  const pass: AnyFunction = function (...args) {
    return current.apply(this, args);
  };

  /** Gives `replacement` the name, length and marks of what it stands for. */
  function showOn(replacement: AnyFunction): void {
    for (const mark of ['__wrapped', '__original', '__unwrap']) Reflect.deleteProperty(replacement, mark);
    Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(current));
    const { __wrapped, __original } = current as Marks;
    if (!__wrapped || !__original) return;
    const takeOff = () => {
      current = __original;
      showOn(replacement);
    };
    Object.defineProperty(replacement, '__unwrap', { configurable: true, writable: true, value: takeOff });
  }

  return { pass, showOn };
}
