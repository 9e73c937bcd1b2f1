import { safely } from '../../config/safely';
import type { Wrapper } from './wrap';

/** A call that is traced: of a model, of a vector store, or a step. */
interface TracedCall {
  run<T>(fn: () => T): T;
  fail(error: unknown): void;
}

/**
 * A method whose calls are traced. `begin` starts one, or answers with nothing for those that are no call of their own;
 * `follow` sees what the method answered with, and says what the app gets. What of these fails is no failure of the app's.
 */
export function tracedMethod<Call extends TracedCall>(
  instrument: string,
  begin: (args: unknown[], self: unknown) => Call | undefined,
  follow: (call: Call, result: unknown, args: unknown[], self: unknown) => unknown,
): Wrapper {
  return tracedIn(`the ${instrument} instrument`, begin, follow);
}

/** The same, where `where` is what is told of a failure of ours. */
export function tracedIn<Call extends TracedCall>(
  where: string,
  begin: (args: unknown[], self: unknown) => Call | undefined,
  follow: (call: Call, result: unknown, args: unknown[], self: unknown) => unknown,
): Wrapper {
  return (original) =>
    ({
      traced(this: unknown, ...args: unknown[]) {
        const call = safely(where, () => begin(args, this));
        if (!call) return original.apply(this, args);
        let result: unknown;
        try {
          result = call.run(() => original.apply(this, args));
        } catch (error) {
          safely(where, () => call.fail(error));
          throw error;
        }
        return safely(where, () => follow(call, result, args, this)) ?? result;
      },
    }).traced;
}
