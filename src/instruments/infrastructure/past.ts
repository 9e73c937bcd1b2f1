import { noteStandIn } from '../../telemetry/stand-ins';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

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
  // A method, as what it stands for: those have no `prototype`.
  const { chosen } = {
    chosen(this: unknown, ...args: unknown[]) {
      return (isTraced(this, args) ? traced : bare).apply(this, args);
    },
  };
  Object.defineProperties(chosen, Object.getOwnPropertyDescriptors(bare));
  noteStandIn(chosen, bare);
  Object.defineProperty(target, name, { ...Object.getOwnPropertyDescriptor(target, name), value: chosen });
}
