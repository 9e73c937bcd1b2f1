import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { type Entity, type EntitySpanOptions, startEntity } from '../../telemetry/entity-span';
import { followed, followIterator, followWhenAsked } from '../../telemetry/follow';
import { inheritedBy } from '../../telemetry/inherited';
import type { Wrapper } from '../kit/wrap';
import { followReadable } from './readable-stream';

export const SCOPE = 'respan.llama_index';
export const WHERE = 'the llama_index instrument';

export type EntityOptions = Omit<EntitySpanOptions, 'scope'>;

/** A method of LlamaIndex's that is a step of what the app does. */
export interface EntityMethod {
  /** Undefined where this call is none. */
  begin(args: unknown[], self: unknown): EntityOptions | undefined;
  /** What is recorded of its answer, and of the items of one that is a stream. */
  output(answer: unknown): unknown;
  /** The text of an item of a stream. */
  chunk?(item: unknown): string | undefined;
  /** What runs inside may have to know more than that it is inside. */
  around?(inside: Context, entity: Entity, self: unknown): Context;
}

export function entityMethod(method: EntityMethod): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const entity = safely(WHERE, () => begin(method.begin(args, this)));
      if (!entity) return original.apply(this, args);
      const inside = safely(WHERE, () => method.around?.(entity.context, entity, this)) ?? entity.context;
      let result: unknown;
      try {
        result = context.with(inside, () => original.apply(this, args));
      } catch (error) {
        safely(WHERE, () => entity.fail(error));
        throw error;
      }
      return (
        safely(WHERE, () => {
          const onAnswer = (answer: unknown) => finish(method, entity, answer);
          if (result instanceof Promise) return followNative(result, onAnswer, entity.fail);
          onAnswer(result);
          return result;
        }) ?? result
      );
    };
}

function begin(options: EntityOptions | undefined): Entity | undefined {
  return options && startEntity({ ...options, scope: SCOPE }, context.active());
}

/**
 * What LlamaIndex's methods and an app's tools answer with is a promise of the moment: a link in its chain keeps the
 * `at async …` lines of errors, which a second branch would cut off.
 */
export function followNative(
  promise: Promise<unknown>,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): unknown {
  if (promise.constructor === Promise) return followed(promise, onValue, onError);
  followWhenAsked(promise, onValue, onError);
  return promise;
}

/** Ends with the answer or, where that is a stream, with the stream. */
function finish({ output, chunk = () => undefined }: EntityMethod, entity: Entity, answer: unknown): void {
  let text = '';
  const observer = {
    onItem: (item: unknown) => void (text += chunk(item) ?? ''),
    onDone: () => entity.succeed(text || undefined),
    onError: (error: unknown) => entity.fail(error, text || undefined),
  };
  if (answer instanceof ReadableStream) followReadable(answer, observer);
  else if (isAsyncIterator(answer)) followIterator(answer, observer, entity.run);
  else {
    entity.succeed(safely(WHERE, () => output(answer)));
    return;
  }
  entity.settleWith(answer);
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown> & object {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Symbol.asyncIterator in value && typeof (value as Partial<AsyncIterator<unknown>>).next === 'function'
  );
}

/** Name of the class of what a method is called on. */
export const classNameOf = (self: unknown): string =>
  (self as object | null | undefined)?.constructor?.name || 'LlamaIndex';

/** What an app starts is a workflow; what runs inside one is a step of it. */
export const workflowOrTask = (): 'workflow' | 'task' =>
  inheritedBy(context.active())['traceloop.workflow.name'] === undefined ? 'workflow' : 'task';
