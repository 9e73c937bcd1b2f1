import { safely } from '../../config/safely';
import { followIterator, type IterationObserver, standIn } from '../../telemetry/follow';
import type { StreamAccumulator } from '../genai/types';
import { boundedAccumulator } from './bounded-accumulator';
import type { Known, ModelCall } from './model-call';

interface Progress {
  accumulator: StreamAccumulator<unknown>;
  /** When the last chunk came, by performance.now(). */
  at: number;
}

const progressOf = (accumulator: StreamAccumulator<unknown>): Progress => ({
  accumulator: boundedAccumulator(accumulator),
  at: performance.now(),
});

/**
 * Follows the one iteration of `stream` in place, and ends `call` with it. `key` is the method of the stream that
 * makes its iterator: `Symbol.asyncIterator`, or a field of the library's own that every way of reading goes through.
 */
export function followStream(
  stream: object,
  key: string | symbol,
  call: ModelCall,
  accumulator: StreamAccumulator<unknown>,
): void {
  const iterate = (stream as Record<string | symbol, unknown>)[key] as
    | (() => AsyncIterator<unknown>)
    | undefined;
  if (typeof iterate !== 'function') return;
  const progress = progressOf(accumulator);
  // A stream nobody reads is over when it was handed out.
  call.otherwise(knownFrom(progress), stream);
  let isRead = false;
  const replacement = standIn(iterate, (original, self) => {
    const iterator = Reflect.apply(original, self, []) as AsyncIterator<unknown>;
    // A stream can be read once; a second attempt is an error of the app's that says nothing about the call.
    if (isRead) return iterator;
    isRead = true;
    safely('a stream observer', () => {
      call.otherwise(knownFrom(progress), iterator);
      followIteration(iterator, call, progress);
    });
    return iterator;
  });
  const own = Object.getOwnPropertyDescriptor(stream, key);
  // What the library keeps on the instance stays as visible as it was; what it inherits stays out of sight.
  Object.defineProperty(stream, key, {
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
    value: replacement,
  });
}

/**
 * Follows an async generator in place. Its code runs when somebody asks it for a chunk, the first one sends the
 * request: all of that belongs to the call.
 */
export function followGenerator(
  generator: AsyncIterator<unknown>,
  call: ModelCall,
  accumulator: StreamAccumulator<unknown>,
): void {
  const progress = progressOf(accumulator);
  call.otherwise(knownFrom(progress), generator);
  followIteration(generator, call, progress, call.run);
}

/** What ends `call` with the items of `stream`, wherever they are seen. */
export function observerOf(
  call: ModelCall,
  accumulator: StreamAccumulator<unknown>,
  stream: object,
): IterationObserver<unknown> {
  const progress = progressOf(accumulator);
  call.otherwise(knownFrom(progress), stream);
  return progressObserver(call, progress);
}

function followIteration(
  iterator: AsyncIterator<unknown>,
  call: ModelCall,
  progress: Progress,
  run?: ModelCall['run'],
): void {
  followIterator(iterator, progressObserver(call, progress), run);
}

function progressObserver(call: ModelCall, progress: Progress): IterationObserver<unknown> {
  const known = knownFrom(progress);
  return {
    onItem(chunk) {
      call.chunk();
      progress.at = performance.now();
      progress.accumulator.add(chunk);
    },
    onDone: () => call.succeed(known().response),
    onError: (error) => call.fail(error, known().response),
  };
}

/** In a scope of its own, so that it holds on to nothing else (see ModelCall.otherwise). */
function knownFrom(progress: Progress): () => Known {
  return () => ({
    response: safely('the stream mapping', () => progress.accumulator.response()),
    endTime: progress.at,
  });
}
