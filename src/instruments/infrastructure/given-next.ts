import { standIn } from '../../telemetry/follow';

type Handle = (this: unknown, ...args: unknown[]) => unknown;

/**
 * For instrumentations that give a layer another `next`: it looks like the one it stands for, and where that is the very function
 * that is `request.next`, so is the other, until it is called. `layer` is to be traced, what comes of it goes through `around`.
 */
export function keepingNext(
  original: Handle,
  position: number,
): { layer: Handle; around: (traced: Handle) => Handle } {
  /** On its way through what is between the two, which calls at once. */
  let given: unknown;
  const apply = (_: Handle, self: unknown, args: unknown[]): unknown => {
    const next = args[position];
    const own = given;
    given = undefined;
    if (typeof next !== 'function' || typeof own !== 'function' || next === own) {
      return Reflect.apply(original, self, args);
    }
    const request = args[position - 2] as { next?: unknown } | null | undefined;
    const isOfRequest = request?.next === own;
    const likeNext = standIn(own as Handle, (_own, receiver, results) => {
      if (isOfRequest && request.next === likeNext) request.next = own;
      return Reflect.apply(next, receiver, results) as unknown;
    });
    if (isOfRequest) request.next = likeNext;
    const changed = [...args];
    changed[position] = likeNext;
    return Reflect.apply(original, self, changed);
  };
  return {
    // Instrumentations look at what a layer is and has.
    layer: new Proxy(original, { apply }),
    around: (traced) =>
      new Proxy(traced, {
        apply(target, self, args: unknown[]) {
          given = args[position];
          return Reflect.apply(target, self, args);
        },
      }),
  };
}
