import { noteStandIn } from '../../telemetry/stand-ins';

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Lets `trace` wrap `target[name]` and sends only those calls through its wrapper that `isTraced` says; the others go
 * straight to what was there before.
 */
export function pastUnless(
  target: object,
  name: string,
  isTraced: (self: unknown, args: unknown[]) => boolean,
  trace: () => void,
): void {
  const functions = target as Record<string, AnyFunction>;
  const bare = functions[name]!;
  trace();
  const traced = functions[name]!;
  if (traced === bare) return;
  inFrontOf(target, name, () => ({
    method(...args) {
      return (isTraced(this, args) ? traced : bare).apply(this, args);
    },
  }));
}

/**
 * Puts what `make` makes of it in front of `target[name]`, one frame of a stack, and answers with it. A method, as what it
 * stands for: those have no `prototype`.
 */
export function inFrontOf(
  target: object,
  name: string,
  make: (inside: AnyFunction) => { method: AnyFunction },
): AnyFunction {
  const inside = (target as Record<string, AnyFunction>)[name]!;
  const { method: front } = make(inside);
  Object.defineProperties(front, Object.getOwnPropertyDescriptors(inside));
  noteStandIn(front, inside);
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: descriptor?.enumerable ?? false,
    writable: true,
    value: front,
  });
  return front;
}
