import { safely } from '../../config/safely';
import { context } from '../../telemetry/api';
import { standIn } from '../../telemetry/follow';
import { modelCallOf } from '../../telemetry/model-call-context';
import { beginCall } from './begin';
import { followGenerator } from './follow-stream';
import type { ModelOperation } from './method';
import type { Wrapper } from './wrap';

type Next = (...args: unknown[]) => unknown;

/**
 * An async generator function that is a model call. Its code runs when somebody asks for the first chunk: that is when
 * the call begins, and a generator nobody asks makes none.
 */
export function modelGenerator(operation: ModelOperation): Wrapper {
  const where = `the ${operation.instrument} instrument`;
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const generator = original.apply(this, args) as AsyncIterator<unknown>;
      safely(where, () => {
        if (operation.accumulator)
          whenAsked(generator, () => safely(where, () => begin(operation, generator, args, this)));
      });
      return generator;
    };
}

/** Calls `follow` when somebody asks `generator` for its first item, and not before. */
export function whenAsked(generator: AsyncIterator<unknown>, follow: () => void): void {
  const next = generator?.next as Next | undefined;
  if (typeof next !== 'function') return;
  let begun: Next | undefined;
  const value = standIn(next, (_, asked, values) => {
    // `for await` looks `next` up once, and keeps to this one.
    if (!begun) {
      Reflect.deleteProperty(generator, 'next');
      follow();
      begun = generator.next as Next;
    }
    return Reflect.apply(begun, asked, values);
  });
  Object.defineProperty(generator, 'next', { value, configurable: true, writable: true });
}

function begin(
  operation: ModelOperation,
  generator: AsyncIterator<unknown>,
  args: unknown[],
  self: unknown,
): void {
  if (operation.isPartOfOuter && modelCallOf(context.active()) === operation.instrument) return;
  const call = beginCall(
    operation,
    () => operation.request(args, self),
    () => operation.request([], self),
  );
  followGenerator(generator, call, operation.accumulator!());
}
