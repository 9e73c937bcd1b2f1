import type { ReadableStreamReadResult } from 'stream/web';
import { safely } from '../../../config/safely';
import { type IterationObserver, standIn } from '../../../telemetry/follow';
import { followReader } from '../../../telemetry/follow-result';
import { observePipe } from './pipes';

type Reader<T> = ReadableStreamDefaultReader<T>;

/**
 * Tells an observer what is read of a stream, by its methods. Whoever reads it by `getReader`, `tee` or a pipe gets each
 * chunk in the very microtask in which it came without us: an app that aborts with its first chunk has got as many of
 * them.
 */
export function observeInPlace<T>(stream: ReadableStream<T>, given: IterationObserver<T>): void {
  const observer = toldOnce(given);
  const { cancel, getReader, pipeThrough, pipeTo } = stream;
  const reader = () => getReader.call(stream) as Reader<T>;
  const observed = () => observedReads(reader(), observer);
  const methods: Pick<ReadableStream<T>, 'cancel' | 'pipeThrough' | 'pipeTo' | 'tee' | 'values'> = {
    cancel(reason) {
      tell(() => observer.onDone(true));
      return cancel.call(stream, reason);
    },
    pipeThrough(...args) {
      const [pair, options] = args;
      const { readable, writable } = Object(pair) as Partial<typeof pair>;
      const isPlain = options === undefined && readable instanceof ReadableStream;
      if (isPlain && observePipe(stream, writable, observer)) return pipeThrough.apply(stream, args) as never;
      return observed().pipeThrough(...args);
    },
    pipeTo(...args) {
      const [target, options] = args;
      if (options === undefined && observePipe(stream, target, observer)) return pipeTo.apply(stream, args);
      return observed().pipeTo(...args);
    },
    tee: () => observedBranches(reader(), observer),
    values: (...args) => observed().values(...args),
  };
  const all: Record<PropertyKey, Method> = {
    ...methods,
    // Readers that bring their own buffer are for bytes, of which nobody makes a model's answer.
    getReader: (options?: { mode?: 'byob' }) =>
      options?.mode ? getReader.call(stream, options) : followReader(reader(), observer),
    [Symbol.asyncIterator]: methods.values,
  };
  for (const name of Reflect.ownKeys(all)) {
    // A stream that is locked says so itself.
    replaceMethod(stream, name, (original, self, args) =>
      Reflect.apply(stream.locked ? original : all[name]!, self, args),
    );
  }
}

type Method = (...args: never[]) => unknown;

function replaceMethod(
  target: object,
  name: PropertyKey,
  run: (original: Method, self: unknown, args: never[]) => unknown,
): void {
  const value = standIn((target as Record<PropertyKey, Method>)[name]!, run);
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
}

/** A stream of what `reader` reads. */
function observedReads<T>(reader: Reader<T>, observer: IterationObserver<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        let result: ReadableStreamReadResult<T>;
        try {
          result = await reader.read();
        } catch (error) {
          tell(() => observer.onError(error));
          throw error;
        }
        const { done, value } = result;
        if (done) {
          tell(() => observer.onDone());
          controller.close();
        } else {
          tell(() => observer.onItem(value));
          controller.enqueue(value);
        }
      },
      cancel(reason) {
        tell(() => observer.onDone(true));
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * As `stream.tee()` has it (https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee), which reads
 * without being seen.
 */
function observedBranches<T>(
  reader: Reader<T>,
  observer: IterationObserver<T>,
): [ReadableStream<T>, ReadableStream<T>] {
  interface Branch {
    stream: ReadableStream<T>;
    controller: ReadableStreamDefaultController<T>;
    canceled?: { reason: unknown };
  }
  let isReading = false;
  let isAskedAgain = false;
  let settle!: (result?: Promise<void>) => void;
  const whenCanceled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const branches = [branch(), branch()] as const;
  const open = () => branches.filter(({ canceled }) => !canceled);

  reader.closed.catch((error) => {
    tell(() => observer.onError(error));
    for (const { controller } of branches) controller.error(error);
    if (open().length > 0) settle();
  });
  return [branches[0].stream, branches[1].stream];

  function branch(): Branch {
    const made = {} as Branch;
    made.stream = new ReadableStream<T>({
      start(controller) {
        made.controller = controller;
      },
      pull,
      cancel(reason) {
        made.canceled = { reason };
        if (open().length === 0) {
          tell(() => observer.onDone(true));
          settle(reader.cancel(branches.map(({ canceled }) => canceled?.reason)));
        }
        return whenCanceled;
      },
    });
    return made;
  }

  function pull(): void {
    if (isReading) {
      isAskedAgain = true;
      return;
    }
    isReading = true;
    reader.read().then(onRead, () => {
      isReading = false;
    });
  }

  function onRead({ done, value }: ReadableStreamReadResult<T>): void {
    if (done) {
      tell(() => observer.onDone());
      // As Node has it: https://github.com/nodejs/node/issues/39758
      process.nextTick(close);
      return;
    }
    isAskedAgain = false;
    tell(() => observer.onItem(value));
    for (const { controller } of open()) controller.enqueue(value);
    isReading = false;
    if (isAskedAgain) pull();
  }

  function close(): void {
    isReading = false;
    for (const { controller } of open()) controller.close();
    if (open().length > 0) settle();
  }
}

/** A stream that is over says so as often as it is asked. */
function toldOnce<T>(observer: IterationObserver<T>): IterationObserver<T> {
  let isOver = false;
  const end = (step: () => void): void => {
    if (!isOver) step();
    isOver = true;
  };
  return {
    onItem: (item) => observer.onItem(item),
    onDone: (isCanceled) => end(() => observer.onDone(isCanceled)),
    onError: (error) => end(() => observer.onError(error)),
  };
}

const tell = (step: () => void): void => void safely('a stream observer', step);

export function isReadable(value: unknown): value is ReadableStream<unknown> {
  return value instanceof ReadableStream && !value.locked;
}
