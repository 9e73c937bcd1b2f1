import { suppressTracing } from '@opentelemetry/core';
import { log } from '../config/log';
import { safely } from '../config/safely';
import { type Attributes, type AttributeValue, type Context, context, trace } from './api';
import { EXPORT_FILTER } from './export-filter';
import { followGenerator, followPromise, isGenerator, isGeneratorFunction } from './follow-result';
import {
  type InheritedAttributes,
  inheritedBy,
  isWithoutContent,
  withInherited,
  withoutContent,
} from './inherited';
import { abandoned } from './open-calls';
import { classOfError, recordError } from './record-error';
import { PROCESSORS, processorNames } from './routing';
import { telemetry } from './telemetry';
import { toBoundedJson } from './to-json';

export type EntityKind = 'workflow' | 'task' | 'agent' | 'tool';

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

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const WORKFLOW_NAME = 'traceloop.workflow.name';
const ENTITY_PATH = 'traceloop.entity.path';

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

/** One run of an entity. It ends once. */
export interface Entity {
  run<T>(step: () => T): T;
  succeed(output: unknown): void;
  fail(error: unknown, output?: unknown): void;
  /** Ends it when nobody can go on with `carrier` any more. */
  settleWith(carrier: object): void;
}

function beginEntity(
  kind: EntityKind,
  options: EntityOptions,
  fn: AnyFunction,
  args: unknown[],
  around: Context,
): Entity {
  const { openCalls, config, tracer } = telemetry();
  const name = nameOf(options, fn);
  const isContentOff = !config.traceContent || options.traceContent === false || isWithoutContent(around);
  const outside = isContentOff ? withoutContent(around) : around;
  const passedOn = passedOnBy(kind, name, options, inheritedBy(outside));
  const attributes: Attributes = {
    'traceloop.span.kind': kind,
    'traceloop.entity.name': name,
    'respan.entity.log_type': kind,
    ...passedOn,
  };
  if (options.version !== undefined) attributes['traceloop.entity.version'] = options.version;
  if (options.exportFilter) attributes[EXPORT_FILTER] = toBoundedJson(options.exportFilter);
  if (!isContentOff) attributes['traceloop.entity.input'] = toBoundedJson(inputOf(args));

  const span = tracer('respan').startSpan(`${name}.${kind}`, { attributes }, outside);
  const inside = trace.setSpan(withInherited(outside, passedOn), span);
  let ended = false;

  function end(finish: () => void): void {
    if (ended) return;
    ended = true;
    openCalls.delete(openCall);
    safely('the end of an entity', finish);
    span.end();
  }
  const putOutput = (output: unknown) => {
    if (isContentOff || output === undefined || !span.isRecording()) return;
    span.setAttribute('traceloop.entity.output', toBoundedJson(output));
  };
  const openCall = { settle: () => end(() => {}) };
  openCalls.add(openCall);

  return {
    run: (step) => context.with(inside, step),
    succeed: (output) => end(() => putOutput(output)),
    fail: (error, output) =>
      end(() => {
        putOutput(output);
        recordError(span, error, { type: classOfError(error), content: !isContentOff });
      }),
    settleWith: (carrier) => abandoned.register(carrier, openCall.settle),
  };
}

/** What everything inside carries as well. Tasks and tools are steps of a path, workflows and agents name the whole. */
function passedOnBy(
  kind: EntityKind,
  name: string,
  { processors, associationProperties = {} }: EntityOptions,
  around: InheritedAttributes,
): InheritedAttributes {
  const passedOn: Record<string, AttributeValue> = {};
  if (kind === 'workflow' || kind === 'agent') passedOn[WORKFLOW_NAME] = name;
  else passedOn[ENTITY_PATH] = around[ENTITY_PATH] ? `${around[ENTITY_PATH]}.${name}` : name;
  const names = processorNames(processors);
  if (names.length > 0) passedOn[PROCESSORS] = names;
  for (const [key, value] of Object.entries(associationProperties)) {
    if (value === undefined || value === null) continue;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    passedOn[`traceloop.association.properties.${key}`] = isPlain ? value : toBoundedJson(value);
  }
  return passedOn;
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

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
