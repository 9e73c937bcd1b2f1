import { printAs } from '../telemetry/follow';
import { noteStandIn } from '../telemetry/stand-ins';
import { guarded } from './guarded';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Functions = Record<PropertyKey, unknown>;

interface Wrapped {
  /** The instrumentation that made it: no other takes it off. */
  owner: object;
  original: AnyFunction;
}

/** Names of an object, each with the property as it was, undefined where it was inherited. */
type Names = Map<string, PropertyDescriptor | undefined>;

const wrapped = new WeakMap<AnyFunction, Wrapped>();

/** Which functions of an object an instrumentation has wrapped, whoever has put something on top since. */
const wrappedBy = new WeakMap<object, WeakMap<object, Names>>();

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
  const replacement =
    sameUnderOtherName(owner, target, names, original) ??
    guarded(nameOf(owner), name, original, (watched) => wrapper(watched, name));
  if (typeof replacement !== 'function') return undefined;
  lookLike(replacement as AnyFunction, original);
  const before = Object.getOwnPropertyDescriptor(target, name);
  names.set(name, before);
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: before?.enumerable ?? false,
    // What modules export is often behind getters, and stays so.
    ...(before?.get ? { get: () => replacement, set: before.set } : { writable: true, value: replacement }),
  });
  wrapped.set(replacement as AnyFunction, { owner, original });
  undo?.push(() => unwrapAs(owner, target, name));
  return replacement;
}

export function unwrapAs(owner: object, target: Functions | undefined, name: string): void {
  const entry = wrapped.get(target?.[name] as AnyFunction);
  if (!target || entry?.owner !== owner) return;
  const names = namesWrappedBy(owner, target);
  const before = names.get(name);
  names.delete(name);
  if (before) Object.defineProperty(target, name, before);
  else delete target[name];
}

const nameOf = (owner: object): string =>
  (owner as { instrumentationName?: string }).instrumentationName ?? 'an instrumentation';

/** A function that an object has by two names (`server` and `Server` of hapi) is one afterwards as well. */
function sameUnderOtherName(owner: object, target: Functions, names: Names, original: AnyFunction): unknown {
  return [...names.keys()]
    .map((name) => target[name] as AnyFunction)
    .find((value) => {
      const entry = wrapped.get(value);
      return entry?.owner === owner && entry.original === original;
    });
}

function namesWrappedBy(owner: object, target: object): Names {
  const targets = wrappedBy.get(owner) ?? new WeakMap<object, Names>();
  wrappedBy.set(owner, targets);
  const names = targets.get(target) ?? new Map();
  targets.set(target, names);
  return names;
}

/** Name, length, source and whatever the library hung onto the function, and of its kind: async or not. */
export function lookLike(replacement: AnyFunction, original: AnyFunction): void {
  for (const key of Reflect.ownKeys(original)) {
    if (typeof key === 'string' && MARKS.includes(key)) continue;
    const own = Object.getOwnPropertyDescriptor(replacement, key);
    const given = Object.getOwnPropertyDescriptor(original, key)!;
    // A field of the same name that cannot be redefined: `prototype` of a class.
    if (own?.configurable === false && !own.writable) continue;
    Object.defineProperty(replacement, key, given);
  }
  beOfTheKindOf(replacement, original);
}

/** For what takes the place of all that a module exports, and has been given its own properties. */
export function lookLikeExports(replacement: unknown, original: unknown): void {
  if (typeof replacement !== 'function' || typeof original !== 'function') return;
  for (const key of ['name', 'length', 'prototype']) {
    const given = Object.getOwnPropertyDescriptor(original, key);
    const own = Object.getOwnPropertyDescriptor(replacement, key);
    if (given && (!own || own.configurable)) Object.defineProperty(replacement, key, given);
  }
  beOfTheKindOf(replacement as AnyFunction, original as AnyFunction);
}

function beOfTheKindOf(replacement: AnyFunction, original: AnyFunction): void {
  noteStandIn(replacement, original);
  const kind = Object.getPrototypeOf(original) as object;
  if (kind === Object.getPrototypeOf(replacement)) return;
  Object.setPrototypeOf(replacement, kind);
  printAs(replacement, original);
}
