import { safely } from '../config/safely';
import { noteStandIn } from './stand-ins';

/**
 * Ways to look at what a library returns without the app being able to tell: values, errors and the objects
 * that carry them pass through unchanged, and a rejection that nobody handles stays unhandled.
 */

/**
 * `promise`, seen on its way: the promise that takes its place settles the same way right after the observer
 * has run. Whoever handles it, or does not, decides about its rejection as if it were the first one. It is a
 * link of the chain, not a second branch: V8 follows a chain when it puts `at async …` lines into an error's
 * stack, and stops at a promise with two branches.
 */
export function followed<T>(
  promise: Promise<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): Promise<T> {
  return promise.then(
    (value) => {
      safely('a promise observer', () => onValue(value));
      return value;
    },
    (error) => {
      safely('a promise observer', () => onError(error));
      throw error;
    },
  );
}

/**
 * For a promise of a class we know nothing of, whose identity matters: it is looked at when, and only if,
 * somebody else looks at it. (`await` calls the `then` of everything but a plain Promise.)
 */
export function followWhenAsked<T>(
  promise: Promise<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): void {
  const then = promise.then;
  let asked = false;
  Object.defineProperty(promise, 'then', {
    configurable: true,
    writable: true,
    value: function (this: Promise<T>, ...args: Parameters<typeof then>) {
      if (!asked) {
        asked = true;
        const observe = (step: () => void) => void safely('a promise observer', step);
        then.call(
          this,
          (value) => observe(() => onValue(value as T)),
          (error) => observe(() => onError(error)),
        );
      }
      return then.apply(this, args);
    },
  });
}

type AnyFunction = (...args: never[]) => unknown;

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A function that runs `run` in place of `original` and looks like it, also when an app prints the object it
 * sits on. (Not a Proxy: Node 26 prints those as what they are.)
 */
export function standIn<Original extends AnyFunction>(
  original: Original,
  run: (original: Original, self: unknown, args: Parameters<Original>) => ReturnType<Original>,
): Original {
  const replacement = function (this: unknown, ...args: Parameters<Original>): unknown {
    return run(original, this, args);
  };
  Object.defineProperty(replacement, 'name', { value: original.name, configurable: true });
  Object.defineProperty(replacement, 'length', { value: original.length, configurable: true });
  printAs(replacement, original);
  noteStandIn(replacement, original);
  const prototype = Object.getPrototypeOf(original) as object;
  if (prototype !== Function.prototype) Object.setPrototypeOf(replacement, prototype);
  return replacement as unknown as Original;
}

/** Makes `replacement` look like `original` to those who print it. */
export function printAs(replacement: object, original: unknown): void {
  Object.defineProperty(replacement, INSPECT, {
    value: (_depth: number, options: object, inspect: (value: unknown, options: object) => string) =>
      inspect(original, options),
  });
}

export interface IterationObserver<T> {
  onItem(item: T): void;
  /** The source ran dry, or the app stopped early (`break`, `return()`). */
  onDone(stoppedEarly?: boolean): void;
  onError(error: unknown): void;
}

/**
 * Watches one iteration in place: `next`, `return` and `throw` become own properties of the very iterator. `run`
 * is what each of its steps runs in.
 */
export function followIterator<T, Source extends AsyncIterator<T>>(
  iterator: Source,
  observer: IterationObserver<T>,
  run?: <R>(step: () => R) => R,
): Source {
  const onError = (error: unknown) => observer.onError(error);
  watch('next', (result) => {
    if (result.done) observer.onDone();
    else observer.onItem(result.value);
  });
  watch('return', () => observer.onDone(true));
  watch('throw', (result) => {
    if (result.done) observer.onDone();
  });
  return iterator;

  function watch(name: 'next' | 'return' | 'throw', onResult: (result: IteratorResult<T>) => void): void {
    const original = iterator[name] as ((...args: unknown[]) => Promise<IteratorResult<T>>) | undefined;
    if (typeof original !== 'function') return;
    const watched = standIn(original, (target, self, args) => {
      const step = () => Reflect.apply(target, self, args) as Promise<IteratorResult<T>>;
      const result = run ? run(step) : step();
      return result instanceof Promise ? followed(result, onResult, onError) : result;
    });
    Object.defineProperty(iterator, name, { value: watched, configurable: true, writable: true });
  }
}
