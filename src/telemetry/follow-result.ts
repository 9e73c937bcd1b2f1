import { safely } from '../config/safely';
import { followed, followWhenAsked, type IterationObserver, standIn } from './follow';

/** What a function of the app's answers with is looked at here, so that the app cannot tell. */

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** What the language calls it; a function of ours that wraps another one says what that one says. */
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1);

export function isGeneratorFunction(fn: AnyFunction): boolean {
  return /^(Async)?GeneratorFunction$/.test(tagOf(fn));
}

export function isGenerator(value: unknown): value is AnyGenerator {
  return /^(Async)?Generator$/.test(tagOf(value));
}

/**
 * A promise that settles as `promise` does, and tells. It is the very promise, unless `fn` is an async function:
 * what such a function returns nobody else can hold, and a link in its chain keeps the `at async …` lines of errors.
 */
export function followPromise(
  promise: Promise<unknown>,
  fn: AnyFunction,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): unknown {
  if (!(promise instanceof Promise)) followThenable(promise, onValue, onError);
  else if (promise.constructor !== Promise) followWhenAsked(promise, onValue, onError);
  else if (tagOf(fn) === 'AsyncFunction') return followed(promise, onValue, onError);
  else watchNative(promise, onValue, onError);
  return promise;
}

type Settle = ((value: unknown) => unknown) | null | undefined;

/** Query builders and the like do their work when `then` is called, each time: the first call that comes is watched. */
function followThenable(
  thenable: PromiseLike<unknown>,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): void {
  const target = thenable as {
    then: (onFulfilled: Settle, onRejected: Settle, ...rest: unknown[]) => unknown;
  };
  const { then } = target;
  let isWatched = false;
  const watched: typeof then = function (this: unknown, onFulfilled, onRejected, ...rest) {
    if (isWatched) return then.call(this, onFulfilled, onRejected, ...rest);
    isWatched = true;
    const whenFulfilled = (value: unknown) => {
      safely('a promise observer', () => onValue(value));
      return typeof onFulfilled === 'function' ? onFulfilled(value) : value;
    };
    const whenRejected = (error: unknown) => {
      safely('a promise observer', () => onError(error));
      if (typeof onRejected === 'function') return onRejected(error);
      throw error;
    };
    return then.call(this, whenFulfilled, whenRejected, ...rest);
  };
  Object.defineProperty(target, 'then', { value: watched, configurable: true, writable: true });
}

/**
 * Looks at a promise from the side. A second branch would make its rejection count as handled, so ours rejects as
 * well, in its place, until somebody looks at the promise: everybody who does (`await`, `then`, `Promise.all`) asks
 * for its `constructor`.
 */
function watchNative(
  promise: Promise<unknown>,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): void {
  const branch = followed(promise, onValue, onError);
  const isPlain = !Object.hasOwn(promise, 'constructor') && Object.isExtensible(promise);
  if (!isPlain) {
    branch.catch(() => {});
    return;
  }
  Object.defineProperty(promise, 'constructor', {
    configurable: true,
    enumerable: false,
    get() {
      delete (promise as { constructor?: unknown }).constructor;
      branch.catch(() => {});
      return Promise;
    },
    set(value) {
      Object.defineProperty(promise, 'constructor', { value, configurable: true, writable: true });
    },
  });
}

/** Watches what a reader of a ReadableStream reads, and that it cancels, in place: it has the `read` of an iterator's `next`. */
export function followReader<T>(
  reader: ReadableStreamDefaultReader<T>,
  observer: IterationObserver<T>,
): ReadableStreamDefaultReader<T> {
  const onRead = (result: unknown): void => {
    const { done, value } = result as IteratorResult<T>;
    if (done) observer.onDone();
    else observer.onItem(value);
  };
  const value = standIn(reader.read, (read, self, args) => {
    const result = Reflect.apply(read, self, args);
    followPromise(result, read as AnyFunction, onRead, (error) => observer.onError(error));
    return result;
  });
  Object.defineProperty(reader, 'read', { value, configurable: true, writable: true });
  const cancel = standIn(reader.cancel, (original, self, args) => {
    safely('a stream observer', () => observer.onDone(true));
    return Reflect.apply(original, self, args);
  });
  Object.defineProperty(reader, 'cancel', { value: cancel, configurable: true, writable: true });
  return reader;
}

type Step = 'next' | 'return' | 'throw';
type AnyGenerator = Record<Step, (...args: unknown[]) => unknown>;

/** What is told of a generator's life. Each of its steps runs in `run`. */
export interface GeneratorObserver {
  run<T>(step: () => T): T;
  succeed(output: unknown): void;
  fail(error: unknown, output: unknown): void;
  settleWith(carrier: object): void;
}

/** Values kept of a generator, which may go on for ever. */
const MAX_YIELDED = 1_000;

/** Follows a generator, sync or async, in place. `begin` is called with the first step. */
export function followGenerator(generator: object, begin: () => GeneratorObserver | undefined): void {
  const target = generator as AnyGenerator;
  const yielded: unknown[] = [];
  let missing = 0;
  let observer: GeneratorObserver | undefined;
  let hasBegun = false;

  for (const step of ['next', 'return', 'throw'] as const) {
    const original = target[step];
    if (typeof original !== 'function') continue;
    const watched = function (this: unknown, ...args: unknown[]): unknown {
      if (!hasBegun) {
        hasBegun = true;
        // One that is closed before it has begun runs none of its code.
        if (step === 'next') observer = begin();
        observer?.settleWith(generator);
      }
      if (!observer) return original.apply(this, args);
      const watching = observer;
      let result: unknown;
      try {
        result = watching.run(() => original.apply(this, args));
      } catch (error) {
        safely('a generator', () => watching.fail(error, output()));
        throw error;
      }
      if (!(result instanceof Promise)) {
        safely('a generator', () => note(watching, result as IteratorResult<unknown>));
        return result;
      }
      return followed(
        result,
        (settled) => note(watching, settled as IteratorResult<unknown>),
        (error) => watching.fail(error, output()),
      );
    };
    Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original));
    Object.defineProperty(target, step, {
      value: watched,
      configurable: true,
      writable: true,
      enumerable: false,
    });
  }

  function note(watching: GeneratorObserver, { done, value }: IteratorResult<unknown>): void {
    if (done) watching.succeed(output(value));
    else if (yielded.length < MAX_YIELDED) yielded.push(value);
    else missing += 1;
  }

  function output(returned?: unknown): unknown {
    const values = missing > 0 ? [...yielded, `… [${missing} more]`] : yielded;
    if (returned === undefined) return values.length > 0 ? values : undefined;
    return values.length > 0 ? { yielded: values, returned } : returned;
  }
}
