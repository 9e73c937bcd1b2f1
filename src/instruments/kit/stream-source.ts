import type { ReadableStreamDefaultController, UnderlyingSource } from 'stream/web';
import { safely } from '../../config/safely';
import { context } from '../../telemetry/api';
import type { IterationObserver } from '../../telemetry/follow';
import { modelCallOf } from '../../telemetry/model-call-context';
import type { StreamAccumulator } from '../genai/types';
import { observerOf } from './follow-stream';
import type { ModelCall } from './model-call';

/**
 * For SDKs whose stream is a subclass of the platform's ReadableStream. It can be read in many ways (`for await`, a
 * reader, `tee`, `pipeThrough`), most of which call nothing on it that could be followed: what all of them come from is
 * its source, so that is what is followed.
 */
type Source = UnderlyingSource<unknown>;
type Controller = ReadableStreamDefaultController<unknown>;

interface Watch {
  /** What came before somebody followed; undefined when it became too much, or somebody does. */
  early?: ((observer: IterationObserver<unknown>) => void)[];
  observer?: IterationObserver<unknown>;
}

const watches = new WeakMap<object, Watch>();

/** A stream reads ahead by one. More than that means that nobody will follow it. */
const MAX_EARLY = 16;

/**
 * Lets `followSource` follow the instances of `streamClass` that are made inside a model call of `instrument`, by a
 * class between it and the platform's that changes nothing else. Answers with the way back.
 */
export function observeSources(streamClass: object, instrument: string): () => void {
  const platform = globalThis.ReadableStream;
  if (Object.getPrototypeOf(streamClass) !== platform) return () => {};
  const between = function (this: unknown, source?: Source, ...rest: unknown[]): object {
    const target = new.target as unknown as typeof ReadableStream;
    const isOurs = safely('a stream observer', () => modelCallOf(context.active()) === instrument);
    // Streams of bytes have a controller that does more.
    if (!isOurs || !source || source.type !== undefined)
      return Reflect.construct(platform, [source, ...rest], target) as object;
    const watch: Watch = { early: [] };
    const stream = Reflect.construct(platform, [observed(source, watch), ...rest], target) as object;
    watches.set(stream, watch);
    return stream;
  };
  Object.defineProperties(between, {
    name: { value: platform.name, configurable: true },
    length: { value: platform.length, configurable: true },
    prototype: { value: platform.prototype, writable: false },
  });
  Object.setPrototypeOf(between, platform);
  Object.setPrototypeOf(streamClass, between);
  return () => void Object.setPrototypeOf(streamClass, platform);
}

/** Ends `call` with `stream`; answers false where its source cannot be followed. */
export function followSource(
  stream: object,
  call: ModelCall,
  accumulator: StreamAccumulator<unknown>,
): boolean {
  const watch = watches.get(stream);
  if (!watch?.early) return false;
  const { early } = watch;
  watch.observer = observerOf(call, accumulator, stream);
  watch.early = undefined;
  for (const replay of early) replay(watch.observer);
  return true;
}

function observed(source: Source, watch: Watch): Source {
  const tell = (news: (observer: IterationObserver<unknown>) => void): void =>
    void safely('a stream observer', () => {
      if (watch.observer) news(watch.observer);
      else if (watch.early && watch.early.push(news) > MAX_EARLY) watch.early = undefined;
    });
  const { start, pull, cancel } = source;
  let seen: Controller | undefined;
  const controllerOf = (real: Controller): Controller => (seen ??= observedController(real, tell));
  return {
    ...source,
    ...(start && { start: (real: Controller) => start.call(source, controllerOf(real)) as unknown }),
    ...(pull && { pull: (real: Controller) => pull.call(source, controllerOf(real)) }),
    cancel(reason) {
      tell((observer) => observer.onDone());
      return cancel?.call(source, reason);
    },
  };
}

function observedController(
  real: Controller,
  tell: (news: (observer: IterationObserver<unknown>) => void) => void,
): Controller {
  return {
    get desiredSize() {
      return real.desiredSize;
    },
    enqueue(chunk) {
      tell((observer) => observer.onItem(chunk));
      real.enqueue(chunk);
    },
    close() {
      tell((observer) => observer.onDone());
      real.close();
    },
    error(error) {
      tell((observer) => observer.onError(error));
      real.error(error);
    },
  };
}
