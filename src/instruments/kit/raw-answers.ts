import { safely } from '../../config/safely';
import type { Wrapper } from './wrap';

/** Called with the stream that somebody makes of an answer which was not parsed by the promise it came with. */
type StreamObserver = (stream: unknown) => void;

const observers = new WeakMap<object, StreamObserver>();

export function onStreamOf(response: unknown, observer: StreamObserver): void {
  if (typeof response === 'object' && response !== null) observers.set(response, observer);
}

/**
 * For the SDK's `Stream.fromSSEResponse`: helpers that send through one promise and parse through another (the
 * message threads of anthropic 1, and its tool runner, which is made of them) go past `parseResponse`.
 */
export const streamMaker: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const stream = original.apply(this, args);
    safely('a stream observer', () => observers.get(args[0] as object)?.(stream));
    return stream;
  };
