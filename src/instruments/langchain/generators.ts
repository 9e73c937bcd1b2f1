import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { followIterator, standIn } from '../../telemetry/follow';
import { whenAsked } from '../kit/generator';
import type { Wrapper } from '../kit/wrap';
import { Chunks, combined } from './chunks';
import { type Run, WHERE } from './run';

/**
 * Chains stream as generators that pull each other: a step's code runs when the step after it asks for a chunk, in
 * the context of that one. What a generator does belongs to where it was made.
 */
type Generator = AsyncIterator<unknown>;
type Method = (...args: unknown[]) => unknown;

type ContextOf = (active: Context, self: unknown, options: unknown) => Context;

/** For a generator method without a span of its own. */
export const generatorIn =
  (contextOf: ContextOf = (active) => active): Wrapper =>
  (original) =>
    function (this: unknown, ...args: unknown[]) {
      const generator = original.apply(this, args);
      safely(WHERE, () => keepContext(generator, contextOf(context.active(), this, args[1])));
      return generator;
    };

/** For a generator method that is one run. It begins when somebody asks for the first chunk. */
export const generatorRun =
  (begin: (self: unknown, args: unknown[]) => Run | undefined, outputOf = combined): Wrapper =>
  (original) =>
    function (this: unknown, ...args: unknown[]) {
      const generator = original.apply(this, args) as Generator;
      const around = context.active();
      safely(WHERE, () =>
        whenAsked(generator, () =>
          safely(WHERE, () => {
            const run = context.with(around, () => safely(WHERE, () => begin(this, args)));
            if (run) followRun(generator, run, outputOf);
            else keepContext(generator, around);
          }),
        ),
      );
      return generator;
    };

function followRun(generator: Generator, run: Run, outputOf: (chunks: readonly unknown[]) => unknown): void {
  run.entity?.settleWith(generator);
  const chunks = new Chunks(run.entity?.content === true);
  followIterator(
    generator,
    {
      onItem: (chunk) => chunks.add(chunk),
      onDone: () => run.succeed(chunks.read(outputOf)),
      onError: run.fail,
    },
    run.run,
  );
}

/** Whatever `generator` does, it does in `around`. */
export function keepContext(generator: unknown, around: Context): void {
  const target = generator as Record<string, Method> | undefined;
  if (typeof target?.next !== 'function' || Object.hasOwn(target, 'next')) return;
  for (const name of ['next', 'return', 'throw']) {
    const original = target[name];
    if (typeof original !== 'function') continue;
    const value = standIn(original, (step, self, args) =>
      context.with(around, () => Reflect.apply(step, self, args) as unknown),
    );
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  }
}
