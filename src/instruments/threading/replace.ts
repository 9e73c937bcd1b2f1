export type Method = (this: unknown, ...args: unknown[]) => unknown;
export type Methods = Record<string | symbol, Method>;

export function symbolNamed(name: string, target: object): symbol {
  const symbol = Object.getOwnPropertySymbols(target).find(({ description }) => description === name);
  if (!symbol) throw new Error(`it has no method ${name}`);
  return symbol;
}

const replaced = new WeakSet<object>();

/** As kit/wrap.ts does it, which is a part of what is not loaded here. */
export function replace(
  target: Methods,
  name: string | symbol,
  run: (method: Method, self: unknown, args: unknown[]) => unknown,
): void {
  const method = target[name]!;
  if (replaced.has(method)) return;
  const value: Method = function (...args) {
    return run(method, this, args);
  };
  Object.defineProperties(value, Object.getOwnPropertyDescriptors(method));
  replaced.add(value);
  Object.defineProperty(target, name, { ...Object.getOwnPropertyDescriptor(target, name), value });
}
