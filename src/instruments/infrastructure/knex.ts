import { KnexInstrumentation } from '@opentelemetry/instrumentation-knex';
import { type Context, context } from '../../telemetry/api';
import { instrumentation } from './instrumentation';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Wrapper = (original: Method) => Method;

export const instrument = instrumentation('knex', () => {
  const made = new KnexInstrumentation();
  const patcher = made as unknown as {
    storeContext: Wrapper;
    createQueryWrapper(version?: string): Wrapper;
  };
  const { createQueryWrapper } = patcher;
  /** Of builders, which run when somebody waits for them: kept here, and not in a property of each. */
  const contexts = new WeakMap<object, Context>();
  patcher.storeContext = (original) =>
    function (...args) {
      const builder = original.apply(this, args);
      if (typeof builder === 'object' && builder !== null) contexts.set(builder, context.active());
      return builder;
    };
  patcher.createQueryWrapper = (version) => {
    const wrap = createQueryWrapper.call(made, version);
    return (original) => {
      const traced = wrap(original);
      return function (...args) {
        const { builder } = this as { builder: object };
        const run = () => traced.apply(this, args);
        const around = contexts.get(builder);
        return around ? context.with(around, run) : run();
      };
    };
  };
  return made;
});
