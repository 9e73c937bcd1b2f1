import { safely } from '../../config/safely';
import { followIterator, type IterationObserver, standIn } from '../../telemetry/follow';
import { followReader } from '../../telemetry/follow-result';

/**
 * Watches how a ReadableStream is read: by `for await`, or by a reader. Where it is handed on (`tee`, `pipeTo`,
 * `pipeThrough`) nothing can be told of its items any more: then it is over for us.
 */
export function followReadable(stream: ReadableStream<unknown>, observer: IterationObserver<unknown>): void {
  const target = stream as unknown as Record<PropertyKey, (...args: never[]) => unknown>;
  const isOnce = once();
  const watch = (name: PropertyKey, follow: (result: unknown) => void) => {
    const original = target[name];
    if (typeof original !== 'function') return;
    const value = standIn(original, (method, self, args) => {
      const result = Reflect.apply(method, self, args) as unknown;
      if (isOnce()) safely('a stream observer', () => follow(result));
      return result;
    });
    Object.defineProperty(stream, name, { value, configurable: true, writable: true });
  };
  for (const name of [Symbol.asyncIterator, 'values'])
    watch(name, (iterator) => void followIterator(iterator as AsyncIterator<unknown>, observer));
  watch('getReader', (reader) => void followReader(reader as ReadableStreamDefaultReader<unknown>, observer));
  for (const name of ['tee', 'pipeTo', 'pipeThrough', 'cancel']) watch(name, () => observer.onDone(true));
}

function once(): () => boolean {
  let isFirst = true;
  return () => {
    const answer = isFirst;
    isFirst = false;
    return answer;
  };
}
