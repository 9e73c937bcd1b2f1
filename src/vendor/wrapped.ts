import { noteStandIn } from '../telemetry/stand-ins';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Functions = Record<PropertyKey, unknown>;

interface Wrapped {
  /** The instrumentation that made it: no other takes it off. */
  owner: object;
  /** The property as it was, undefined where it was inherited. */
  before: PropertyDescriptor | undefined;
}

const wrapped = new WeakMap<AnyFunction, Wrapped>();

/** Which functions of an object an instrumentation has wrapped, whoever has put something on top since. */
const wrappedBy = new WeakMap<object, WeakMap<object, Set<string>>>();

/** How OpenTelemetry's wrappers are recognised by their kind. Ours stay unrecognised, and say so of nobody. */
const MARKS = ['__wrapped', '__original', '__unwrap'];

let undo: (() => void)[] | undefined;

/** Runs `patch`; where it throws, everything it has wrapped is put back. */
export function wholly<T>(patch: () => T): T {
  const outer = undo;
  const steps: (() => void)[] = [];
  undo = steps;
  try {
    return patch();
  } catch (error) {
    for (const restore of steps.reverse()) restore();
    throw error;
  } finally {
    undo = outer;
  }
}

/** Stands for the function of that name in the instrumentations: true for what one of ours has wrapped. */
export function isWrapped(value: unknown): boolean {
  return typeof value === 'function' && wrapped.has(value as AnyFunction);
}

export function wrapAs(
  owner: object,
  target: Functions | undefined,
  name: string,
  wrapper: (original: unknown, name: string) => unknown,
): unknown {
  if (wrapped.get(target?.[name] as AnyFunction)?.owner === owner) unwrapAs(owner, target, name);
  const original = target?.[name] as AnyFunction | undefined;
  if (!target || typeof original !== 'function') return undefined;
  const names = namesWrappedBy(owner, target);
  if (names.has(name)) return original;
  names.add(name);
  const replacement = wrapper(original, name) as AnyFunction;
  lookLike(replacement, original);
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: before?.enumerable ?? false,
    writable: true,
    value: replacement,
  });
  wrapped.set(replacement, { owner, before });
  undo?.push(() => unwrapAs(owner, target, name));
  return replacement;
}

export function unwrapAs(owner: object, target: Functions | undefined, name: string): void {
  const entry = wrapped.get(target?.[name] as AnyFunction);
  if (!target || entry?.owner !== owner) return;
  namesWrappedBy(owner, target).delete(name);
  if (entry.before) Object.defineProperty(target, name, entry.before);
  else delete target[name];
}

function namesWrappedBy(owner: object, target: object): Set<string> {
  const targets = wrappedBy.get(owner) ?? new WeakMap<object, Set<string>>();
  wrappedBy.set(owner, targets);
  const names = targets.get(target) ?? new Set();
  targets.set(target, names);
  return names;
}

/** Name, length, source and whatever the library hung onto the function. */
function lookLike(replacement: AnyFunction, original: AnyFunction): void {
  for (const key of Reflect.ownKeys(original)) {
    if (typeof key === 'string' && MARKS.includes(key)) continue;
    const own = Object.getOwnPropertyDescriptor(replacement, key);
    const given = Object.getOwnPropertyDescriptor(original, key)!;
    // A field of the same name that cannot be redefined: `prototype` of a class.
    if (own?.configurable === false && !own.writable) continue;
    Object.defineProperty(replacement, key, given);
  }
  noteStandIn(replacement, original);
}
