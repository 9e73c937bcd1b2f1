import { safely } from '../../config/safely';
import { beginCall } from './begin';
import { type ModelOperation, modelMethod } from './method';
import type { Wrapper } from './wrap';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** A model call that answers with a promise or, where its last argument is a function, by calling that. */
export function callbackMethod(operation: ModelOperation): Wrapper {
  const where = `the ${operation.instrument} instrument`;
  return (original) => {
    const withPromise = modelMethod(operation)(original);
    return function (this: unknown, ...args: unknown[]) {
      const callback = args.at(-1);
      if (typeof callback !== 'function') return withPromise.apply(this, args);
      const call = safely(where, () =>
        beginCall(
          operation,
          () => operation.request(args, this),
          () => operation.request([], this),
        ),
      );
      if (!call) return original.apply(this, args);
      const observed: AnyFunction = function (error, answer, ...rest) {
        safely(where, () => {
          if (error) call.fail(error);
          else call.succeed(operation.response(answer));
        });
        return Reflect.apply(callback, this, [error, answer, ...rest]);
      };
      try {
        return call.run(() => original.apply(this, [...args.slice(0, -1), observed]));
      } catch (error) {
        safely(where, () => call.fail(error));
        throw error;
      }
    };
  };
}
