import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { followed, followIterator, type IterationObserver } from '../../telemetry/follow';
import { asArray } from '../genai/read';
import { stepMethod, tracesContent } from '../kit/step';
import type { Wrapper } from '../kit/wrap';
import { batchOf, takeTurn, withBatch, withoutBatch, withTurns } from './batch-context';
import { Chunks, combined, lastOf } from './chunks';
import { generatorIn, generatorRun, keepContext } from './generators';
import { type Run, startChain, WHERE, withBoundName } from './run';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** A method that is one run of a chain; where its input and its config are among the arguments. */
const chainMethod = (input = 0, options = 1): Wrapper =>
  stepMethod<Run>({
    where: WHERE,
    begin: (args, self) => startChain(self, args[input], args[options]),
    onAnswer: (run, output) => run.succeed(output),
  });

const chainGenerator = generatorRun((self, [input, options]) => startChain(self, input, options));

/** Wrappers by class and method. What LangChain makes a run of calls one of these, or is in models, tools, retrievers. */
export const RUNNABLES: Record<string, Record<string, Wrapper>> = {
  Runnable: {
    _callWithConfig: chainMethod(1, 2),
    _transformStreamWithConfig: transformRun,
    _batchWithConfig: batchRun(1, 2),
    batch: inTurns,
    transform: generatorIn(),
    _streamIterator: generatorIn(),
  },
  RunnableBinding: {
    invoke: boundRun,
    transform: generatorIn(withBoundName),
    _streamIterator: generatorIn(withBoundName),
  },
  RunnableSequence: { invoke: chainMethod(), batch: batchRun(0, 1), _streamIterator: chainGenerator },
  RunnableMap: { invoke: chainMethod() },
  RunnableWithFallbacks: { invoke: chainMethod(), batch: batchRun(0, 1), _streamIterator: chainGenerator },
  RunnableBranch: { _streamIterator: chainGenerator },
  RunnablePassthrough: { transform: generatorIn() },
  BaseTransformOutputParser: { transform: generatorIn() },
  // Limits how many calls are made at a time: one that has waited is started by the end of another.
  AsyncCaller: { call: callFromHere(0, takeTurn), callWithRetries: callFromHere(1) },
};

/**
 * A step of a chain that streams: `transformer` is called when its input begins to come, and makes the output. The
 * input is pulled by it, and belongs to the step before.
 */
function transformRun(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const [input, transformer, options, ...rest] = args;
    if (typeof transformer !== 'function') return original.apply(this, args);
    const around = context.active();
    const content = tracesContent();
    const inputs = new Chunks(content);
    const outputs = new Chunks(content);
    let run: Run | undefined;
    const begin = (): void => void (run ??= context.with(around, () => startChain(this, undefined, options)));
    const observed = function (this: unknown, ...given: unknown[]): unknown {
      safely(WHERE, begin);
      if (!run) return Reflect.apply(transformer, this, given);
      return run.run(() => {
        const output: unknown = Reflect.apply(transformer, this, given);
        safely(WHERE, () => keepContext(output, context.active()));
        return output;
      });
    };
    safely(WHERE, () => follow(input, around, { onItem: (chunk) => inputs.add(chunk) }));
    const generator = original.call(this, input, observed, options, ...rest);
    safely(WHERE, () =>
      follow(generator, around, {
        onItem: (chunk) => outputs.add(chunk),
        onDone() {
          run?.putInput(inputs.read(combined));
          run?.succeed(outputs.read(isCumulative(this) ? lastOf : combined));
        },
        onError(error) {
          run?.putInput(inputs.read(combined));
          run?.fail(error);
        },
      }),
    );
    return generator;
  };
}

/** `JsonOutputParser` and its kind. */
const isCumulative = (self: unknown): boolean => typeof self === 'object' && self !== null && 'diff' in self;

function follow(iterator: unknown, around: Context, observer: Partial<IterationObserver<unknown>>): void {
  if (typeof (iterator as AsyncIterator<unknown> | undefined)?.next !== 'function') return;
  followIterator(
    iterator as AsyncIterator<unknown>,
    { onItem() {}, onDone() {}, onError() {}, ...observer },
    (step) => context.with(around, step),
  );
}

function boundRun(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const active = context.active();
    const around = safely(WHERE, () => withBoundName(active, this, args[1])) ?? active;
    return around === active
      ? original.apply(this, args)
      : context.with(around, () => original.apply(this, args));
  };
}

/** Several runs of one chain, of which `batch` takes each step together. */
function batchRun(inputsAt: number, optionsAt: number): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const runs = safely(WHERE, () => startRuns(this, args[inputsAt], args[optionsAt]));
      if (!runs) return original.apply(this, args);
      const contexts = runs.map(({ run }) => run(() => context.active()));
      const inputs = asArray(args[inputsAt]) ?? [];
      const inside = withBatch(withoutBatch(context.active()), { inputs, contexts });
      const answer = context.with(inside, () => original.apply(this, args));
      if (!(answer instanceof Promise)) return answer;
      return followed(
        answer,
        (outputs) => {
          for (const [at, run] of runs.entries()) endOfBatch(run, asArray(outputs)?.[at]);
        },
        (error) => {
          for (const run of runs) run.fail(error);
        },
      );
    };
}

function startRuns(self: unknown, inputs: unknown, options: unknown): Run[] | undefined {
  const active = context.active();
  const list = asArray(inputs);
  const around = batchOf(active, list ?? []);
  const start = (input: unknown, at: number): Run =>
    context.with(withoutBatch(around?.[at] ?? active), () =>
      startChain(self, input, asArray(options)?.[at] ?? options),
    );
  // Its holes are inputs, too.
  return list && Array.from(list, start);
}

/** With `returnExceptions` errors are among the answers. */
function endOfBatch(run: Run, output: unknown): void {
  if (output instanceof Error) run.fail(output);
  else run.succeed(output);
}

/** A step of a batch makes its runs one after the other: each in the context of its turn. */
function inTurns(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const active = context.active();
    const contexts = batchOf(active, asArray(args[0]) ?? []);
    const inside = contexts ? withTurns(active, contexts) : withoutBatch(active);
    return context.with(inside, () => original.apply(this, args));
  };
}

function callFromHere(at: number, contextOf = (active: Context): Context => active): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const callable = args[at];
      if (typeof callable !== 'function') return original.apply(this, args);
      const around = withoutBatch(contextOf(context.active()));
      const inside = (...given: unknown[]): unknown =>
        context.with(around, () => Reflect.apply(callable, undefined, given) as unknown);
      return original.apply(this, args.with(at, inside));
    };
}
