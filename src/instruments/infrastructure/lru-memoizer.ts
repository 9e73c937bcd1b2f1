import type { InstrumentationModuleDefinition } from '@opentelemetry/instrumentation';
import { LruMemoizerInstrumentation } from '@opentelemetry/instrumentation-lru-memoizer';
import { standIn } from '../../telemetry/follow';
import { lookLike } from '../../vendor/instrumentation';
import { instrumentation } from './instrumentation';

type AnyFunction = (...args: unknown[]) => unknown;

export const instrument = instrumentation('lru_memoizer', () => {
  const made = new LruMemoizerInstrumentation();
  const definitions = made.getModuleDefinitions();
  for (const definition of definitions) keepingMethods(definition);
  return {
    setTracerProvider: (provider) => made.setTracerProvider(provider),
    getModuleDefinitions: () => definitions,
  };
});

/** What is memoized has methods (`keys`, `del`, `on` …), which the instrumentation's function in its place has not. */
function keepingMethods(definition: InstrumentationModuleDefinition): void {
  const { patch } = definition;
  definition.patch = (exports: unknown, version) => {
    if (!patch || typeof exports !== 'function') return patch?.(exports, version);
    let own: AnyFunction | undefined;
    const watched = standIn(exports as AnyFunction, (memoizer, self, args) => {
      own = Reflect.apply(memoizer, self, args) as AnyFunction;
      return own;
    });
    const traced = patch(Object.assign(watched, exports), version) as AnyFunction;
    const memoizer = function (this: unknown, ...args: unknown[]) {
      own = undefined;
      const memoized = Reflect.apply(traced, this, args) as AnyFunction;
      const { load } = args[0] as { load?: unknown };
      // Where memoizing is switched off it is the app's own function.
      if (!own || own === load) return own;
      lookLike(memoized, own);
      return memoized;
    };
    return Object.assign(memoizer, traced);
  };
}
