/**
 * A copy of what an app hands to a client, for instrumentations that write the trace context into it: the app's own object,
 * which it may send again, compare, or have frozen, stays what it is. `changed` is part of the copy; getters are not asked.
 */
export function copied<T extends object>(object: T, changed: Partial<T> = {}): T {
  const own: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(object);
  for (const name of Reflect.ownKeys(own) as string[]) {
    own[name] = { ...own[name], configurable: true, ...('value' in own[name]! && { writable: true }) };
  }
  Object.assign(own, Object.getOwnPropertyDescriptors(changed));
  return Object.create(Object.getPrototypeOf(object) as object | null, own) as T;
}

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What an instrumentation has put on an object of the app's does not show when that is printed or compared. */
export function hidden(object: object, ...names: symbol[]): void {
  for (const name of names) {
    const { enumerable, configurable } = Object.getOwnPropertyDescriptor(object, name) ?? {};
    if (enumerable && configurable) Object.defineProperty(object, name, { enumerable: false });
  }
}
