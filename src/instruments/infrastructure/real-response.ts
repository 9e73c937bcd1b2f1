type AnyFunction = (this: unknown, ...args: never[]) => unknown;

/**
 * Whether a layer's span can end with its response: routers are also called with objects that only look like one (tests,
 * adapters of platforms), which have no events.
 */
export function hasEvents(response: unknown): boolean {
  const { once, removeListener } = (response ?? {}) as Record<string, unknown>;
  return typeof once === 'function' && typeof removeListener === 'function';
}

/** `traced` where `isTraced` says so of the arguments, and `original` otherwise; looks like `traced`. */
export function tracedWhere<Original extends AnyFunction>(
  original: Original,
  traced: Original,
  isTraced: (args: readonly unknown[]) => boolean,
): Original {
  const choosing = function (this: unknown, ...args: Parameters<Original>) {
    return Reflect.apply(isTraced(args) ? traced : original, this, args);
  };
  const { prototype: _, ...properties } = Object.getOwnPropertyDescriptors(traced) as PropertyDescriptorMap;
  return Object.defineProperties(choosing, properties) as Original;
}
