import type { Carrier } from '../../telemetry/threads/carrier';
import type { LoadedModule } from '../kit/define';
import { carrierNow, listenInTaskContext } from './carriers';
import { meanwhile } from './meanwhile';
import { type Method, type Methods, replace } from './replace';

/** A call is a list: its type, whether it is done, the method, its arguments. */
const CALL = 1;
const CARRIER = 4;

interface Farm {
  _taskQueue?: Record<string, unknown>;
}

/** jest-worker: a call's list gets one more entry, which its workers do not look at. */
export function patchJestWorker({ exports, path, skip }: LoadedModule): void {
  if (path.endsWith('Child')) {
    listenInTaskContext((message) =>
      Array.isArray(message) && message[0] === CALL
        ? (message[CARRIER] as Carrier | null | undefined)
        : undefined,
    );
    return;
  }
  const { Worker } = exports as { Worker?: { prototype: Methods } };
  if (!Worker?.prototype._bindExposedWorkerMethods) {
    skip?.('it has other names');
    return;
  }
  // Called when there is a farm, whose class is not exported.
  replace(Worker.prototype, '_bindExposedWorkerMethods', (bind, self, args) => {
    const farm = (self as { _farm?: object })._farm;
    const methods = farm && (Object.getPrototypeOf(farm) as Methods);
    if (typeof methods?.doWork === 'function') replace(methods, 'doWork', doWork);
    return Reflect.apply(bind, self, args);
  });
}

/** The task waits in a queue, which may be the app's. */
function doWork(work: Method, self: unknown, args: unknown[]): unknown {
  const queue = (self as Farm)._taskQueue;
  const enqueue = queue?.enqueue as Method | undefined;
  const carrier = enqueue && carrierNow();
  if (carrier === undefined || !queue || !enqueue) return Reflect.apply(work, self, args);
  const withCarrier: Method = function (task, ...rest) {
    const { request } = (task ?? {}) as { request?: unknown };
    if (Array.isArray(request) && request[0] === CALL) request[CARRIER] = carrier;
    return enqueue.call(this, task, ...rest);
  };
  return meanwhile(queue, 'enqueue', withCarrier, () => Reflect.apply(work, self, args));
}
