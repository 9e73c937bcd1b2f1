import type { AsyncResource } from 'async_hooks';
import type { LoadedModule } from '../kit/define';
import { carrierNow, ENVELOPE, type Envelope, inTaskContext } from './carriers';
import { type Method, type Methods, replace } from './replace';

/**
 * Piscina, and Tinypool, which is made of it: a task runs in the context of whoever asked for it, in whatever thread or
 * process does it, and whenever that was started.
 */
export function patchPool({ exports, skip }: LoadedModule): void {
  const { WorkerInfo, onMessage } = exports as { WorkerInfo?: { prototype: Methods }; onMessage?: Method };
  if (WorkerInfo) replace(WorkerInfo.prototype, 'postTask', postTask);
  else if (onMessage) {
    exports.onMessage = inTaskContext(onMessage, (args) => ((args.at(-1) ?? {}) as Envelope)[ENVELOPE]);
  } else skip?.('it has other names');
}

/** The task may have waited: it is a resource of the context in which it was asked for. */
function postTask(post: Method, self: unknown, args: unknown[]): unknown {
  const port = (self as { port?: Methods }).port;
  const carrier = port && carrierNow(args[0] as AsyncResource);
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
