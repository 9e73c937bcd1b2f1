import { AsyncLocalStorage, type AsyncResource } from 'async_hooks';
import { getEventListeners } from 'events';
import { builtin } from '../../config/builtin';
import { safely } from '../../config/safely';
import { shared, telemetryIfRunning } from '../../config/shared';
import type { Carrier } from '../../telemetry/threads/carrier';
import type { Method } from './replace';

/** In a pool's own envelope around a task, which the app never sees. */
export const ENVELOPE = 'respan';
export type Envelope = { [ENVELOPE]?: Carrier | null };

/** Of the task that is asked for now, or was asked for in `resource`; undefined where nothing is traced. */
export function carrierNow(resource?: AsyncResource): Carrier | null | undefined {
  if (!telemetryIfRunning()) return undefined;
  return safely('a pool of threads', () => {
    const { context } = require('../../telemetry/api') as typeof import('../../telemetry/api');
    const { carrierOf } =
      require('../../telemetry/threads/carrier') as typeof import('../../telemetry/threads/carrier');
    const read = () => carrierOf(context.active()) ?? null;
    return resource ? resource.runInAsyncScope(read) : read();
  });
}

/** Beside the context of the telemetry, which the task may be the first to load. */
let carriers: AsyncLocalStorage<Carrier | null> | undefined;

/** A worker's function for messages, which takes each in the context that came with it. */
export function inTaskContext(
  onMessage: Method,
  read: (args: unknown[]) => Carrier | null | undefined,
): Method {
  const value: Method = function (...args) {
    const carrier = safely('a task of a pool', () => read(args));
    if (carrier === undefined) return Reflect.apply(onMessage, this, args);
    return carriersOf().run(carrier, () => Reflect.apply(onMessage, this, args));
  };
  return Object.defineProperties(value, Object.getOwnPropertyDescriptors(onMessage));
}

function carriersOf(): AsyncLocalStorage<Carrier | null> {
  if (!carriers) {
    const found = new AsyncLocalStorage<Carrier | null>();
    carriers = found;
    const running = shared();
    if (running) running.carrier = () => found.getStore();
  }
  return carriers;
}

interface Port {
  on(type: 'message', listener: Method): unknown;
  off(type: 'message', listener: Method): unknown;
}

/** The same for a worker that has just begun to listen, in a thread or in a process of its own. */
export function listenInTaskContext(read: (message: unknown) => Carrier | null | undefined): void {
  const { parentPort } = builtin<typeof import('worker_threads')>('worker_threads');
  const port = (parentPort ?? process) as Port & EventTarget;
  const listener = getEventListeners(port, 'message').at(-1) as Method | undefined;
  if (!listener) return;
  const replacement = inTaskContext(listener, ([message]) => read(message));
  port.on('message', replacement);
  port.off('message', listener);
}
