import type { SpanExporter, SpanFunction, SpanProcessor } from './otel-types';

/** What can be said of a workflow, a task, an agent or a tool. */
export interface EntityOptions {
  /** The first half of the span's name (`<name>.task`); by default the name of the function. */
  name?: string;
  version?: number | string;
  /**
   * The processors, by the names they were added with, that this span and all inside it go to, instead of the default
   * one; `default` names that one as well.
   */
  processors?: string | readonly string[];
  /** false: neither this span nor any inside it carries content. (true does not overrule a setting that says no.) */
  traceContent?: boolean;
  /** `traceloop.association.properties.<key>` on this span and all inside it. */
  associationProperties?: Readonly<Record<string, unknown>>;
  /** true: the function runs untraced, and so does all it calls. */
  suppressTracing?: boolean;
  /**
   * Conditions on which this span is exported, all of which have to hold: field → operator and value, where a field
   * is an attribute, `name` or `status_code` (`OK`, `ERROR`, `UNSET`). Operators are those of the Respan SDKs: `eq`,
   * `ne`, `gt`, `gte`, `lt`, `lte`, `contains`, `icontains`, `startswith`, `endswith`, `in`, `not_in`, `isnull`, `regex`,
   * `has_key`, `empty`, `not_empty`. One that cannot be evaluated lets the span through.
   */
  exportFilter?: Readonly<Record<string, { operator?: string; value?: unknown }>>;
}

/** For `@workflow({ methodName })` on a class: the method that is the workflow. */
export interface ClassEntityOptions extends EntityOptions {
  methodName: string;
}

export type AnyFunction = (...args: never[]) => unknown;
export type AnyClass = abstract new (...args: never[]) => object;

/**
 * What `task({ name })` answers with: wraps a function, or decorates a method, in the standard way of decorators and in
 * that of TypeScript's `experimentalDecorators`.
 */
export interface EntityDecorator {
  <F extends AnyFunction>(fn: F): F;
  <This, F extends (this: This, ...args: never[]) => unknown>(
    value: F,
    context: ClassMethodDecoratorContext<This>,
  ): F;
  <This, F extends AnyFunction>(
    value: undefined,
    context: ClassFieldDecoratorContext<This, F>,
  ): (this: This, initial: F) => F;
  <F extends AnyFunction>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}

/** What `workflow({ name, methodName })` answers with: decorates a class. */
export type ClassEntityDecorator = <C extends AnyClass>(target: C, context?: ClassDecoratorContext<C>) => C;

/** `workflow`, `task`, `agent` or `tool`. */
export interface EntityFunction {
  /** Decorates a class, one method of which is the entity. */
  (options: ClassEntityOptions): ClassEntityDecorator;
  /** Decorates a method, or wraps a function given later. */
  (options?: EntityOptions): EntityDecorator;
  /**
   * Wraps a function.
   *
   * @returns a function of the same type, name and length. Each call is a span: it ends with the call or, where that
   * answers with a promise or a generator, when this one settles or is exhausted. What the function returns and throws is
   * passed on as it is. Without telemetry the function is just called.
   */
  <F extends AnyFunction>(options: EntityOptions, fn: F): F;
  <F extends AnyFunction>(fn: F): F;
}

/** `withWorkflow`, `withTask`, `withAgent` or `withTool`. */
export type WithEntity = <A extends unknown[], R>(
  options: EntityOptions,
  fn: (...args: A) => R,
  ...args: A
) => R;

/** What `addProcessor` takes. */
export interface ProcessorOptions {
  /** Where the spans go: any exporter of OpenTelemetry's. */
  exporter?: SpanExporter;
  /** Instead of an exporter: any span processor of OpenTelemetry's. */
  processor?: SpanProcessor;
  /** With a name, only spans that name it in `processors`; without one, all spans. */
  name?: string;
  /** On top of that: the spans for which it answers true. One that throws lets the span through, and that is said. */
  filter?: SpanFunction<boolean>;
  /** false: `export` is called with each span as it ends, in its async context. By default as the telemetry's. */
  isBatchingEnabled?: boolean;
}
