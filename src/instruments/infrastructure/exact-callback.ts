import { log } from '../../config/log';
import { standIn } from '../../telemetry/follow';
import { type AnyFunction, inFrontOf } from './past';

/** One call with a callback, on its way through what is between the two layers and back. */
interface Call {
  own: AnyFunction;
  /** What the instrumentation gets in place of the app's callback, and calls when it is done. */
  shown: AnyFunction;
  /** What the library has called back with, while the instrumentation looks at it. */
  given?: { self: unknown; args: unknown[]; answer?: { value: unknown } | undefined } | undefined;
}

const done = new WeakMap<object, Set<string>>();

/**
 * Lets `trace` wrap methods of `target` that take a callback last, and sees to it that it is called with what the library
 * calls it with, as many arguments and no more, whatever the instrumentation passes on, and though it throws.
 */
export function exactCallbacks(target: object | undefined, names: string[], trace: () => void): void {
  const known = (target && done.get(target)) ?? new Set();
  if (target) done.set(target, known);
  names
    .filter((name) => !known.has(name) && typeof Object(target)[name] === 'function')
    .reduce<() => void>(
      (next, name) => () => void (exactCallback(target!, name, next) && known.add(name)),
      trace,
    )();
}

/** Whether there was anything between the two layers: they are not left where there was not. */
function exactCallback(target: object, name: string, trace: () => void): boolean {
  const before = Object.getOwnPropertyDescriptor(target, name);
  let isTraced = false;
  let onItsWay: Call | undefined;
  const inner = inFrontOf(target, name, (bare) => ({
    method(...args) {
      const call = onItsWay;
      onItsWay = undefined;
      const last = args.at(-1);
      if (!call || typeof last !== 'function') return Reflect.apply(bare, this, args) as unknown;
      const callback = last === call.shown ? call.own : exact(call, last as AnyFunction);
      return Reflect.apply(bare, this, [...args.slice(0, -1), callback]) as unknown;
    },
  }));
  try {
    trace();
    isTraced = (target as Record<string, unknown>)[name] !== inner;
  } finally {
    if (!isTraced && before) Object.defineProperty(target, name, before);
    else if (!isTraced) delete (target as Record<string, unknown>)[name];
  }
  if (!isTraced) return false;
  inFrontOf(target, name, (traced) => ({
    method(...args) {
      const own = args.at(-1);
      if (typeof own !== 'function') return Reflect.apply(traced, this, args) as unknown;
      const call: Call = { own: own as AnyFunction, shown: shown(() => call, own as AnyFunction) };
      onItsWay = call;
      try {
        return Reflect.apply(traced, this, [...args.slice(0, -1), call.shown]) as unknown;
      } finally {
        onItsWay = undefined;
      }
    },
  }));
  return true;
}

const shown = (callOf: () => Call, own: AnyFunction): AnyFunction =>
  standIn(own, (_own, self, args) => {
    const { given } = callOf();
    if (!given) return Reflect.apply(own, self, args) as unknown;
    given.answer = { value: undefined };
    given.answer.value = Reflect.apply(own, given.self, given.args);
    return given.answer.value;
  });

/** What the library gets: `traced` is the instrumentation's. */
const exact = (call: Call, traced: AnyFunction): AnyFunction =>
  standIn(call.own, (own, self, args) => {
    const given: NonNullable<Call['given']> = { self, args };
    const before = call.given;
    call.given = given;
    try {
      Reflect.apply(traced, self, args);
    } catch (error) {
      // The app's own.
      if (given.answer) throw error;
      log.debug(`an answer was not traced: ${error instanceof Error ? error.message : typeof error}`);
    } finally {
      call.given = before;
    }
    return given.answer ? given.answer.value : (Reflect.apply(own, self, args) as unknown);
  });
