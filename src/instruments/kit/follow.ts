import { safely } from '../../config/safely';

/**
 * Ways to look at what a library returns without the app being able to tell: values, errors and the objects
 * that carry them pass through unchanged, and a rejection that nobody handles stays unhandled.
 */

/**
 * A promise for the library to use in the place of `promise`, which settles as it does, after one of the two was
 * called. Unlike a second `then` on the same promise this keeps what V8 and Node derive from the chain: the
 * `at async …` lines of stack traces, which end at a promise with two listeners, and unhandled rejections.
 */
export function observed<T>(
  promise: PromiseLike<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): Promise<T> {
  return promise.then(
    (value) => {
      safely('a promise observer', () => onValue(value));
      return value;
    },
    (error: unknown) => {
      safely('a promise observer', () => onError(error));
      throw error;
    },
  ) as Promise<T>;
}

/**
 * The same for a promise that the app itself holds, so that no other can take its place. Where its rejection would
 * have been unhandled, it is raised again, so that `unhandledRejection` fires and the process ends as without us.
 */
export function followUnattended<T>(
  promise: Promise<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): void {
  const then = promise.then;
  let handled = false;
  Object.defineProperty(promise, 'then', {
    configurable: true,
    writable: true,
    value: function (this: Promise<T>, ...args: Parameters<typeof then>) {
      handled = true;
      return then.apply(this, args);
    },
  });
  then.call(
    promise,
    (value) => void safely('a promise observer', () => onValue(value as T)),
    (error) => {
      safely('a promise observer', () => onError(error));
      // Node reports unhandled rejections once the microtasks have run: until then a handler may still come.
      process.nextTick(() => {
        if (!handled) Promise.reject(error);
      });
    },
  );
}

export interface IterationObserver<T> {
  onItem(item: T): void;
  /** The source ran dry, or the app stopped early (`break`, `return()`). */
  onDone(early: boolean): void;
  onError(error: unknown): void;
}

/** Watches one iteration in place: `next`, `return` and `throw` become own properties of the very iterator. */
export function followIterator<T, Source extends AsyncIterator<T>>(
  iterator: Source,
  observer: IterationObserver<T>,
): Source {
  watch('next', (result) => {
    if (result.done) observer.onDone(false);
    else observer.onItem(result.value);
  });
  watch('return', () => observer.onDone(true));
  watch('throw', (result) => {
    if (result.done) observer.onDone(true);
  });
  return iterator;

  function watch(name: 'next' | 'return' | 'throw', onResult: (result: IteratorResult<T>) => void): void {
    const original = iterator[name] as ((...args: unknown[]) => Promise<IteratorResult<T>>) | undefined;
    if (typeof original !== 'function') return;
    const watched = (...args: unknown[]): Promise<IteratorResult<T>> =>
      observed(original.apply(iterator, args), onResult, (error) => observer.onError(error));
    Object.defineProperty(iterator, name, { value: watched, configurable: true, writable: true });
  }
}
