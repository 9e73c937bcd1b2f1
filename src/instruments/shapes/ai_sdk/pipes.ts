import { safely } from '../../../config/safely';
import type { IterationObserver } from '../../../telemetry/follow';

/**
 * Node pipes from one stream to another without any method that could be watched, and takes what is queued at once: any
 * stage in between passes it on in another microtask, which is enough for an app that aborts with a chunk to get one
 * more. But both ends keep what they were made with, the functions of the specification
 * (https://streams.spec.whatwg.org/#rs-default-controller-internal-slots), and Node calls them from there: under a
 * symbol, the same in Node 20 to 26. Whether they are there, and called, is found out before they are relied on.
 */

/**
 * Tells `observer` what is piped from `source` to `target`, from now on.
 *
 * @returns false where that cannot be seen.
 */
export function observePipe<T>(
  source: ReadableStream<T>,
  target: unknown,
  observer: IterationObserver<T>,
): boolean {
  return isSeen && watchPipe(source, target, observer);
}

function watchPipe<T>(source: ReadableStream<T>, target: unknown, observer: IterationObserver<T>): boolean {
  if (!(target instanceof WritableStream) || target.locked) return false;
  const [from, to] = [algorithmsOf(source), algorithmsOf(target)];
  if (!from || !to) return false;
  const all: [Algorithms, string, (given: never) => void][] = [
    [to, 'sizeAlgorithm', (chunk) => observer.onItem(chunk)],
    [to, 'closeAlgorithm', () => observer.onDone()],
    [to, 'abortAlgorithm', (reason) => observer.onError(reason)],
    [from, 'cancelAlgorithm', () => observer.onDone(true)],
  ];
  if (!all.every(([holder, name]) => typeof holder[name] === 'function')) return false;
  for (const [holder, name, tell] of all) {
    const original = holder[name]!;
    holder[name] = function (this: unknown, ...args: never[]) {
      safely('a stream observer', () => tell(args[0]!));
      return Reflect.apply(original, this, args);
    };
  }
  return true;
}

type Algorithms = Record<string, ((...args: never[]) => unknown) | undefined>;

function algorithmsOf(stream: object): Algorithms | undefined {
  const state = Object.getOwnPropertySymbols(stream).find(({ description }) => description === 'kState');
  if (!state) return undefined;
  const { controller } = (stream as Record<symbol, { controller?: Record<symbol, Algorithms> }>)[state] ?? {};
  return controller?.[state];
}

let isTried = false;
let isSeen = false;

/** Pipes of our own are looked at, once, so that it is known whether they can be. */
export function tryPipes(): void {
  if (isTried) return;
  isTried = true;
  const trials = [
    trial((controller) => controller.close()),
    trial((controller) => controller.error('error')),
    trial(),
  ];
  Promise.all(trials).then(
    (seen) => {
      isSeen = seen.join() === '1,2,done,1,2,error,1,2,canceled';
    },
    () => {},
  );
}

/** What is seen of two chunks in a pipe and of its end, which may be that nobody wants more. */
async function trial(
  end?: (controller: ReadableStreamDefaultController<number>) => void,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  let given = 0;
  const source = new ReadableStream<number>({
    async pull(controller) {
      await undefined;
      if (given < 2) controller.enqueue(++given);
      else end?.(controller);
    },
  });
  const { readable, writable } = new TransformStream<number, number>();
  watchPipe(source, writable, {
    onItem: (item) => void seen.push(item),
    onDone: (isCanceled) => void seen.push(isCanceled ? 'canceled' : 'done'),
    onError: (error) => void seen.push(error),
  });
  const piped = source.pipeTo(writable).catch(() => {});
  const reader = readable.getReader();
  try {
    await reader.read();
    await reader.read();
    if (end) await reader.read();
    else await reader.cancel();
  } catch {
    // The error is what is tried.
  }
  await piped;
  return seen;
}
