import type { EntityKind } from '../telemetry/entity-span';
import type { EntityFunction, EntityOptions, WithEntity } from './entity-types';
import { running } from './running';

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** A function like `fn` whose every call is an entity, where something runs when it is called. */
function wrapped(kind: EntityKind, options: EntityOptions, fn: Callable): Callable {
  const replacement: Callable = function (...args) {
    const code = running();
    return code ? code.runEntity(kind, options, fn, this, args) : fn.apply(this, args);
  };
  const own = Object.getOwnPropertyDescriptors(fn) as Record<string | symbol, PropertyDescriptor>;
  // Of its own each function has these three, or none of them.
  for (const name of ['prototype', 'arguments', 'caller']) delete own[name];
  Object.defineProperties(replacement, own);
  // Frameworks look whether a handler is async, or a generator.
  Object.setPrototypeOf(replacement, Object.getPrototypeOf(fn) as object);
  return replacement;
}

const isFunction = (value: unknown): value is Callable => typeof value === 'function';

const isClass = (value: unknown): boolean =>
  isFunction(value) && /^class\b/.test(Function.prototype.toString.call(value));

interface DecoratorContext {
  kind?: string;
  name?: string | symbol;
}

type Named = EntityOptions & { methodName?: string };

/**
 * What decorators are called with decides what they are: standard ones get a value and a context, experimental ones a
 * class or prototype, a name and a descriptor.
 */
function decorate(kind: EntityKind, options: Named, args: unknown[]): unknown {
  const [target, second, third] = args;
  if (typeof second === 'object' && second !== null && 'kind' in second) {
    return decorateStandard(kind, options, target, second as DecoratorContext);
  }
  if (typeof second === 'string' || typeof second === 'symbol') {
    return decorateProperty(kind, options, target as object, second, third as PropertyDescriptor | undefined);
  }
  if (options.methodName !== undefined || isClass(target)) return decorateClass(kind, options, target);
  return isFunction(target) ? wrapped(kind, options, target) : target;
}

function decorateStandard(
  kind: EntityKind,
  options: Named,
  target: unknown,
  { kind: what, name }: DecoratorContext,
): unknown {
  const named = withName(options, name);
  if (what === 'class') return decorateClass(kind, options, target);
  if (what === 'field')
    return (initial: unknown) => (isFunction(initial) ? wrapped(kind, named, initial) : initial);
  return isFunction(target) ? wrapped(kind, named, target) : target;
}

function decorateProperty(
  kind: EntityKind,
  options: Named,
  target: object,
  key: string | symbol,
  descriptor = Object.getOwnPropertyDescriptor(target, key),
): PropertyDescriptor | undefined {
  const named = withName(options, key);
  if (isFunction(descriptor?.value)) return { ...descriptor, value: wrapped(kind, named, descriptor.value) };
  if (isFunction(descriptor?.get)) return { ...descriptor, get: wrapped(kind, named, descriptor.get) };
  return descriptor;
}

function decorateClass(kind: EntityKind, { methodName, ...options }: Named, target: unknown): unknown {
  const { prototype, name } = target as { prototype?: object; name?: string };
  const method = methodName && prototype ? Object.getOwnPropertyDescriptor(prototype, methodName) : undefined;
  if (!prototype || !isFunction(method?.value)) {
    running()?.warn(
      `@${kind} on class ${name ?? ''}: ${methodName === undefined ? 'methodName says which method is meant' : `there is no method ${JSON.stringify(methodName)}`}; nothing is traced`,
    );
    return target;
  }
  const value = wrapped(kind, withName(options, methodName), method.value);
  Object.defineProperty(prototype, methodName!, { ...method, value });
  return target;
}

/** Methods have a name of their own even where the function has none. */
function withName(options: EntityOptions, name: string | symbol | undefined): EntityOptions {
  return options.name === undefined && typeof name === 'string' ? { ...options, name } : options;
}

function entity(kind: EntityKind): EntityFunction {
  const make = (given: unknown, ...rest: unknown[]): unknown => {
    // `task(fn)`, and `@task` without a call.
    if (isFunction(given) || (rest.length > 0 && !isFunction(rest[0])))
      return decorate(kind, {}, [given, ...rest]);
    const options = (given ?? {}) as Named;
    const [fn] = rest;
    if (isFunction(fn)) return wrapped(kind, options, fn);
    return (...args: unknown[]) => decorate(kind, options, args);
  };
  return make as EntityFunction;
}

function withEntity(kind: EntityKind): WithEntity {
  return (options, fn, ...args) => {
    const code = running();
    const call = fn as unknown as Callable;
    const result = code ? code.runEntity(kind, options ?? {}, call, undefined, args) : call(...args);
    return result as ReturnType<typeof fn>;
  };
}

/** A whole: a request that is answered, a job. Its name is on every span inside it. See `EntityFunction`. */
export const workflow: EntityFunction = entity('workflow');
/** A step of a workflow. See `EntityFunction`. */
export const task: EntityFunction = entity('task');
/** Something that decides by itself what to do next. See `EntityFunction`. */
export const agent: EntityFunction = entity('agent');
/** What a model or an agent can call. See `EntityFunction`. */
export const tool: EntityFunction = entity('tool');

/** Runs `fn(...args)` at once, as a workflow; returns what it returns. */
export const withWorkflow: WithEntity = withEntity('workflow');
/** Runs `fn(...args)` at once, as a task; returns what it returns. */
export const withTask: WithEntity = withEntity('task');
/** Runs `fn(...args)` at once, as an agent; returns what it returns. */
export const withAgent: WithEntity = withEntity('agent');
/** Runs `fn(...args)` at once, as a tool; returns what it returns. */
export const withTool: WithEntity = withEntity('tool');
