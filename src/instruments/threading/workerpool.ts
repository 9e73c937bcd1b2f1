import type { Carrier } from '../../telemetry/threads/carrier';
import type { LoadedModule } from '../kit/define';
import { carrierNow, ENVELOPE, type Envelope, listenInTaskContext } from './carriers';
import { meanwhile } from './meanwhile';
import { type Method, type Methods, replace } from './replace';

/** By the promise of a task, which waits for a free worker: what it was asked for in. */
const asked = new WeakMap<object, Carrier | null>();

interface Handler {
  worker?: Record<string, unknown>;
  requestQueue?: { message?: Envelope }[];
}

/** workerpool: a task's message is an object of its own, which gets one more entry. */
export function patchWorkerpool({ exports, path, skip }: LoadedModule): void {
  if (path.endsWith('/worker')) {
    listenInTaskContext((message) => (message as Envelope | null)?.[ENVELOPE]);
    return;
  }
  const { prototype } = exports as unknown as { prototype?: Methods };
  if (!prototype?.exec) skip?.('it has other names');
  else replace(prototype, 'exec', path.endsWith('/Pool') ? askPool : askWorker);
}

function askPool(exec: Method, self: unknown, args: unknown[]): unknown {
  const carrier = carrierNow();
  const promise = Reflect.apply(exec, self, args);
  if (carrier !== undefined && typeof promise === 'object' && promise) asked.set(promise, carrier);
  return promise;
}

function askWorker(exec: Method, self: unknown, args: unknown[]): unknown {
  const { worker, requestQueue } = self as Handler;
  const promise = (args[2] as { promise?: object } | undefined)?.promise;
  const carrier = (promise && asked.get(promise)) ?? carrierNow();
  if (carrier === undefined || !worker) return Reflect.apply(exec, self, args);
  const waiting = requestQueue?.length ?? 0;
  const send = worker.send as Method;
  const sent = meanwhile(
    worker,
    'send',
    function (this: unknown, message, ...rest) {
      if (typeof message === 'object' && message) (message as Envelope)[ENVELOPE] = carrier;
      return send.call(this, message, ...rest);
    },
    () => Reflect.apply(exec, self, args),
  );
  // A worker that is not ready yet gets it later.
  for (const { message } of requestQueue?.slice(waiting) ?? []) if (message) message[ENVELOPE] = carrier;
  return sent;
}
