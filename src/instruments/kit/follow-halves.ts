import { safely } from '../../config/safely';
import { followed, followIterator, type IterationObserver } from '../../telemetry/follow';
import type { ModelResponse, StreamAccumulator } from '../genai/types';
import { boundedAccumulator } from './bounded-accumulator';
import type { Known, ModelCall } from './model-call';

/**
 * An answer of two halves: `stream`, to be read chunk by chunk, and `response`, a promise of the whole. The library
 * reads the network to the end for the second one, whether or not anybody reads the first.
 */
export interface Halves {
  stream: AsyncIterator<unknown>;
  response: Promise<unknown>;
}

interface Progress {
  /** What the app has read. */
  read: StreamAccumulator<unknown>;
  /** What the promise of the whole gave. */
  whole?: ModelResponse;
  isReading: boolean;
  /** The app has stopped reading before the end. */
  isLeft: boolean;
  /** The promise of the whole has settled. */
  isOver: boolean;
  at: number;
}

export function isHalves(answer: unknown): answer is Halves {
  const { stream, response } = (answer ?? {}) as Partial<Halves>;
  return typeof stream?.next === 'function' && response instanceof Promise;
}

/**
 * Whoever reads the stream ends the call with it; where nobody does, or not to the end, it ends with the whole
 * response. `isHandled`: the library itself takes care of a rejection of `response`.
 */
export function followHalves(
  answer: Halves,
  call: ModelCall,
  accumulator: () => StreamAccumulator<unknown>,
  isHandled: boolean,
): void {
  const progress: Progress = {
    read: boundedAccumulator(accumulator()),
    isReading: false,
    isLeft: false,
    isOver: false,
    at: performance.now(),
  };
  call.otherwise(knownFrom(progress));
  followRead(answer.stream, call, progress);
  const response = followed(
    answer.response,
    (whole) => {
      const all = accumulator();
      all.add(whole);
      progress.whole = all.response();
      progress.isOver = true;
      if (progress.isReading) call.otherwise(knownFrom(progress), answer.stream);
      else call.succeed(knownFrom(progress)().response);
    },
    (error) => {
      progress.isOver = true;
      if (progress.isReading) call.otherwise(knownFrom(progress), answer.stream);
      else call.fail(error, knownFrom(progress)().response);
    },
  );
  if (isHandled) response.catch(() => {});
  Object.defineProperty(answer, 'response', { value: response });
}

function followRead(stream: AsyncIterator<unknown>, call: ModelCall, progress: Progress): void {
  const known = knownFrom(progress);
  const observer: IterationObserver<unknown> = {
    onItem(chunk) {
      call.chunk();
      progress.at = performance.now();
      progress.read.add(chunk);
    },
    onDone(stoppedEarly) {
      if (stoppedEarly) progress.isLeft = true;
      progress.isReading = false;
      if (!progress.isLeft) call.succeed(progress.read.response());
      else if (progress.isOver) call.end(known);
    },
    onError: (error) => call.fail(error, known().response),
  };
  followIterator(stream, observer, (step) => {
    progress.isReading = !progress.isLeft;
    return step();
  });
}

/** In a scope of its own, so that it holds on to nothing else (see ModelCall.otherwise). */
function knownFrom(progress: Progress): () => Known {
  return () => {
    const read = safely('the stream mapping', () => progress.read.response());
    return { response: merged(read, progress.whole), endTime: progress.at };
  };
}

/** The whole response, as the library puts it together, lacks what only chunks have: an id, a model. */
function merged(
  read: ModelResponse | undefined,
  whole: ModelResponse | undefined,
): ModelResponse | undefined {
  if (!whole) return read;
  return { ...whole, id: whole.id ?? read?.id, model: whole.model ?? read?.model };
}
