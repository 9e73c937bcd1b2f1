import type { ReadableStreamReadResult } from 'stream/web';
import { safely } from '../../config/safely';
import type { IterationObserver } from '../../telemetry/follow';

/**
 * A stream that gives what `stream` gives, when it is asked to and not before, and tells an observer. For streams that
 * only the library itself has seen: it takes the place of `stream`, which is locked from then on.
 */
export function observedReadable<T>(
  stream: ReadableStream<T>,
  observer: IterationObserver<T>,
): ReadableStream<T> {
  const reader = stream.getReader();
  const tell = (step: () => void): void => void safely('a stream observer', step);
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

export function isReadable(value: unknown): value is ReadableStream<unknown> {
  return value instanceof ReadableStream && !value.locked;
}
