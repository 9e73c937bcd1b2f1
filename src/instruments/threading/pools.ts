import { AsyncLocalStorage, type AsyncResource } from 'async_hooks';
import { safely } from '../../config/safely';
import { shared, telemetryIfRunning } from '../../config/shared';
import type { Carrier } from '../../telemetry/threads/carrier';
import type { LoadedModule } from '../kit/define';
import { type Method, type Methods, replace } from './replace';

const WHERE = 'a pool of threads';

/** In the pool's own envelope around a task, which the app never sees. */
const ENVELOPE = 'respan';
type Envelope = { [ENVELOPE]?: Carrier | null };

/**
 * Piscina, and Tinypool, which is made of it: a task runs in the context of whoever asked for it, in whatever thread or
 * process does it, and whenever that was started.
 */
export function patchPool({ exports, skip }: LoadedModule): void {
  const { WorkerInfo, onMessage } = exports as { WorkerInfo?: { prototype: Methods }; onMessage?: Method };
  if (WorkerInfo) replace(WorkerInfo.prototype, 'postTask', postTask);
  else if (onMessage) exports.onMessage = inTaskContext(onMessage);
  else skip?.('it has other names');
}

function postTask(post: Method, self: unknown, args: unknown[]): unknown {
  const port = (self as { port?: Methods }).port;
  const carrier = telemetryIfRunning() && port && safely(WHERE, () => carrierFor(args[0] as AsyncResource));
  if (carrier === undefined || !port) return Reflect.apply(post, self, args);
  Object.defineProperty(port, 'postMessage', {
    configurable: true,
    value(this: Methods, message: Envelope, ...rest: unknown[]) {
      delete port.postMessage;
      message[ENVELOPE] = carrier;
      return this.postMessage!(message, ...rest);
    },
  });
  try {
    return Reflect.apply(post, self, args);
  } finally {
    delete port.postMessage;
  }
}

/** The task may have waited: it is a resource of the context in which it was asked for. */
function carrierFor(task: AsyncResource): Carrier | null {
  const { context } = require('../../telemetry/api') as typeof import('../../telemetry/api');
  const { carrierOf } =
    require('../../telemetry/threads/carrier') as typeof import('../../telemetry/threads/carrier');
  return task.runInAsyncScope(() => carrierOf(context.active())) ?? null;
}

/** Beside the context of the telemetry, which the task may be the first to load. */
let carriers: AsyncLocalStorage<Carrier | null> | undefined;

function inTaskContext(onMessage: Method): Method {
  const value: Method = function (...args) {
    const { [ENVELOPE]: carrier } = (args.at(-1) ?? {}) as Envelope;
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
