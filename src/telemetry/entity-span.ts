import { readable, safely } from '../config/safely';
import {
  type Attributes,
  type AttributeValue,
  type Context,
  context,
  type HrTime,
  type Span,
  type SpanKind,
  trace,
} from './api';
import { EXPORT_FILTER } from './export-filter';
import {
  type InheritedAttributes,
  inheritedBy,
  isWithoutContent,
  withEntity,
  withInherited,
  withoutContent,
} from './inherited';
import { interrupt } from './interrupted';
import { abandoned } from './open-calls';
import { classOfError, recordError } from './record-error';
import { PROCESSORS, processorNames } from './routing';
import { telemetry } from './telemetry';
import { toBoundedJson } from './to-json';

export type EntityKind = 'workflow' | 'task' | 'agent' | 'tool';

/** What a span of an entity says, whether the app made it one or a framework knows it as one. */
export interface EntitySpanOptions {
  kind: EntityKind;
  name: string;
  /** By default `<name>.<kind>`. */
  spanName?: string;
  /** By default internal. */
  spanKind?: SpanKind;
  /** The instrumentation scope. */
  scope: string;
  /** Asked where content is recorded; undefined where there is none. */
  input?(): unknown;
  attributes?: Attributes;
  version?: number | string | undefined;
  processors?: string | readonly string[] | undefined;
  traceContent?: boolean | undefined;
  associationProperties?: Readonly<Record<string, unknown>> | undefined;
  exportFilter?: Readonly<Record<string, unknown>> | undefined;
  startTime?: number | HrTime;
}

const WORKFLOW_NAME = 'traceloop.workflow.name';
const ENTITY_PATH = 'traceloop.entity.path';

/** What came of an entity that nobody ended. */
export interface EntityKnown {
  output?: unknown;
  /** When it was really over, by performance.now(). */
  endTime?: number;
  /** The output had come to its end: nothing was interrupted. */
  isWhole?: boolean;
  /** What the output has told that went wrong. */
  failure?: { error: unknown } | undefined;
}

/** One run of an entity. It ends once. */
export interface Entity {
  readonly span: Span;
  /** What belongs to it runs in here. */
  readonly context: Context;
  /** Whether prompts, arguments and answers may be recorded with it. */
  readonly content: boolean;
  run<T>(step: () => T): T;
  succeed(output?: unknown): void;
  fail(error: unknown, output?: unknown): void;
  /**
   * Ends it when nobody can go on with `carrier` any more, or the process ends, with what is `known` by then, which must
   * not refer to it.
   */
  settleWith(carrier: object, known?: () => EntityKnown): void;
}

/** Starts the span of an entity, as a child of what is active in `around`. */
export function startEntity(options: EntitySpanOptions, around: Context): Entity {
  const {
    kind,
    name,
    spanName = `${name}.${kind}`,
    scope,
    version,
    exportFilter,
    startTime,
    spanKind,
  } = options;
  const { openCalls, config, tracer } = telemetry();
  const content = config.traceContent && options.traceContent !== false && !isWithoutContent(around);
  const outside = content ? around : withoutContent(around);
  const passedOn = passedOnBy(options, inheritedBy(outside));
  const attributes: Attributes = {
    'traceloop.span.kind': kind,
    'traceloop.entity.name': name,
    'respan.entity.log_type': kind,
    ...options.attributes,
    ...passedOn,
  };
  if (version !== undefined) attributes['traceloop.entity.version'] = version;
  if (exportFilter) attributes[EXPORT_FILTER] = toBoundedJson(exportFilter);
  const input = content ? readable('an input', () => options.input?.()) : undefined;
  if (input !== undefined) attributes['traceloop.entity.input'] = toBoundedJson(input);

  const span = tracer(scope).startSpan(
    spanName,
    { attributes, ...(startTime && { startTime }), ...(spanKind !== undefined && { kind: spanKind }) },
    outside,
  );
  const inside = trace.setSpan(withEntity(withInherited(outside, passedOn), span.spanContext()), span);
  let ended = false;

  let known: () => EntityKnown = () => ({});

  function end(finish: () => void, endTime?: number): void {
    if (ended) return;
    ended = true;
    openCalls.delete(openCall);
    safely('the end of an entity', finish);
    span.end(endTime);
  }
  const putOutput = (output: unknown) => {
    if (!content || output === undefined || !span.isRecording()) return;
    span.setAttribute('traceloop.entity.output', toBoundedJson(output));
  };
  function fail(error: unknown, output: unknown, endTime?: number): void {
    end(() => {
      putOutput(output);
      recordError(span, error, { type: classOfError(error), content });
    }, endTime);
  }
  function settle(): void {
    if (ended) return;
    const { output, endTime, isWhole, failure } = safely('an open entity', known) ?? {};
    const finish = () => end(() => putOutput(output), endTime);
    if (failure) fail(failure.error, output, endTime);
    else if (isWhole) interrupt(undefined, finish);
    else finish();
  }
  const openCall = { settle };
  openCalls.add(openCall);

  return {
    span,
    context: inside,
    content,
    run: (step) => context.with(inside, step),
    succeed: (output) => end(() => putOutput(output)),
    fail: (error, output) => fail(error, output),
    settleWith(carrier, whatIsKnown) {
      if (whatIsKnown) known = whatIsKnown;
      abandoned.register(carrier, settle);
    },
  };
}

/** What everything inside carries as well. Tasks and tools are steps of a path, workflows and agents name the whole. */
function passedOnBy(
  { kind, name, processors, associationProperties = {} }: EntitySpanOptions,
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
