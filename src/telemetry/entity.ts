import { suppressTracing } from '@opentelemetry/core';
import { log } from '../config/log';
import { isPlainObject } from '../config/plain-object';
import { safely } from '../config/safely';
import { type Context, context } from './api';
import { type Entity, type EntityKind, startEntity } from './entity-span';
import { followGenerator, followPromise, isGenerator, isGeneratorFunction } from './follow-result';
import { telemetry } from './telemetry';
import { warnOfUnknown } from './unknown-options';

/** What code says of an entity; see the client for what each means. */
export interface EntityOptions {
  name?: string;
  version?: number | string;
  processors?: string | readonly string[];
  traceContent?: boolean;
  associationProperties?: Readonly<Record<string, unknown>>;
  suppressTracing?: boolean;
  exportFilter?: Readonly<Record<string, unknown>>;
}

const OPTIONS = [
  'name',
  'version',
  'processors',
  'traceContent',
  'associationProperties',
  'suppressTracing',
  'exportFilter',
];

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Calls `fn` as an entity: its span is the active one while it runs, and ends when what it answers with does (a
 * promise, a generator). Whatever `fn` returns or throws comes back as it is.
 */
export function runEntity(
  kind: EntityKind,
  options: EntityOptions,
  fn: AnyFunction,
  self: unknown,
  args: unknown[],
): unknown {
  if (!telemetry().isActive()) return fn.apply(self, args);
  safely('an entity', () => warnOfUnknown(kind, options, OPTIONS));
  if (options.suppressTracing)
    return context.with(suppressTracing(context.active()), () => fn.apply(self, args));
  if (isGeneratorFunction(fn)) return runGeneratorFunction(kind, options, fn, self, args);

  const entity = safely('an entity', () => beginEntity(kind, options, fn, args, context.active()));
  if (!entity) return fn.apply(self, args);
  let result: unknown;
  try {
    result = entity.run(() => fn.apply(self, args));
  } catch (error) {
    safely('an entity', () => entity.fail(error));
    throw error;
  }
  return safely('an entity', () => follow(entity, fn, result)) ?? result;
}

/** A generator function does nothing until somebody asks for the first value: that is when its span starts. */
function runGeneratorFunction(
  kind: EntityKind,
  options: EntityOptions,
  fn: AnyFunction,
  self: unknown,
  args: unknown[],
): unknown {
  const generator = fn.apply(self, args);
  const around = context.active();
  safely('an entity', () => {
    followGenerator(generator as AsyncGenerator, () =>
      safely('an entity', () => beginEntity(kind, options, fn, args, around)),
    );
  });
  return generator;
}

function follow(entity: Entity, fn: AnyFunction, result: unknown): unknown {
  if (isGenerator(result)) {
    followGenerator(result, () => entity);
    entity.settleWith(result);
    return result;
  }
  if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === 'function') {
    const promise = result as Promise<unknown>;
    // Those that are not plain promises may never be looked at, and then do nothing.
    if (!(promise instanceof Promise) || promise.constructor !== Promise) entity.settleWith(promise);
    return followPromise(promise, fn, entity.succeed, (error) => entity.fail(error));
  }
  entity.succeed(result);
  return result;
}

function beginEntity(
  kind: EntityKind,
  options: EntityOptions,
  fn: AnyFunction,
  args: unknown[],
  around: Context,
): Entity {
  const name = nameOf(options, fn);
  return startEntity({ ...options, kind, name, scope: 'respan', input: () => inputOf(args) }, around);
}

function nameOf({ name }: EntityOptions, fn: AnyFunction): string {
  if (typeof name === 'string' && name !== '') return name;
  if (name !== undefined) log.once('warn', `the name of an entity has to be text, not ${typeof name}`);
  return fn.name || 'anonymous';
}

/** One object of named values stands for keyword arguments, as the SDKs of this platform have it. */
function inputOf(args: unknown[]): { args: unknown[]; kwargs: Record<string, unknown> } {
  const [only] = args;
  return args.length === 1 && isPlainObject(only) ? { args: [], kwargs: only } : { args, kwargs: {} };
}
