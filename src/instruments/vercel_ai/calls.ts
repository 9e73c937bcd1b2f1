import { safely } from '../../config/safely';
import { type Attributes, type Context, context } from '../../telemetry/api';
import { type Entity, type EntityKind, startEntity } from '../../telemetry/entity-span';
import { followed } from '../../telemetry/follow';
import { inheritedBy, withoutContent } from '../../telemetry/inherited';
import { ATTR } from '../genai/attributes';
import { asDict, asString, type Dict } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { type Frame, frameIn, openFrame, type TracedCall, tracedCall } from '../shapes/ai_sdk/frames';
import { isReadable, observeInPlace } from '../shapes/ai_sdk/readable';
import { traceModel } from '../shapes/ai_sdk/trace-model';
import { traceTools } from '../shapes/ai_sdk/trace-tool';
import {
  type Operation,
  objectProgress,
  promptInput,
  type StreamProgress,
  textOutput,
  textProgress,
} from './operations';
import { metadataAttributes, telemetrySettings } from './settings';

const INSTRUMENT = 'vercel_ai';
const WHERE = `the ${INSTRUMENT} instrument`;

/** A function of the SDK's: one span around all the questions to models and the runs of tools it leads to. */
export function tracedFunction(name: string, operation: Operation): Wrapper {
  return (original) =>
    ({
      traced(this: unknown, ...args: unknown[]) {
        const opened = safely(WHERE, () => openFunction(name, operation, asDict(args[0]) ?? {}));
        if (!opened) return original.apply(this, args);
        return follow(opened, () => original.apply(this, args));
      },
    }).traced;
}

/** A method of an agent, whose own call of `generateText` or `streamText` is part of it. */
export function tracedAgent(className: string): Wrapper {
  return (original) =>
    ({
      traced(this: unknown, ...args: unknown[]) {
        const opened = safely(WHERE, () => openAgent(className, this, asDict(args[0]) ?? {}));
        if (!opened) return original.apply(this, args);
        return follow(opened, () => original.apply(this, args));
      },
    }).traced;
}

interface Opened {
  frame: Frame;
  /** None where telemetry is off, or the span is that of the agent around. */
  entity: Entity | undefined;
  output(result: Dict): unknown;
  progress(): StreamProgress;
}

function openFunction(name: string, operation: Operation, options: Dict): Opened {
  const settings = telemetrySettings(options);
  const around = context.active();
  traceModel(options.model);
  traceTools(options.tools);
  const progress = name === 'streamObject' ? objectProgress : textProgress;
  const outer = frameIn(around);
  if (outer?.awaitsLoop) {
    outer.awaitsLoop = false;
    outer.call.tools = asDict(options.tools) ?? {};
    // What another framework says here is about its own telemetry.
    if (outer.call.instrument === INSTRUMENT) {
      const { isOff, inputs, outputs } = settings;
      Object.assign(outer.call, { isOff: isOff || outer.call.isOff, inputs, outputs });
    }
    return { frame: outer, entity: undefined, output: operation.output, progress };
  }
  const hasTools = Object.values(asDict(options.tools) ?? {}).some(
    (tool) => typeof asDict(tool)?.execute === 'function',
  );
  return open({
    kind: hasTools ? 'agent' : isInsideEntity(around) ? 'task' : 'workflow',
    name: settings.functionId ?? name,
    spanName: settings.functionId ? undefined : `ai.${name}`,
    options,
    settings,
    attributes: {},
    input: operation.input,
    output: operation.output,
    progress,
  });
}

function openAgent(className: string, agent: unknown, options: Dict): Opened {
  const settings = asDict(asDict(agent)?.settings) ?? {};
  const { id, name, instructions, system } = settings;
  const called = asString(id) ?? asString(name);
  const telemetry = telemetrySettings({ ...settings, ...options });
  const opened = open({
    kind: 'agent',
    name: called ?? telemetry.functionId ?? className,
    spanName: undefined,
    options: settings,
    settings: telemetry,
    attributes: {
      [ATTR.operationName]: 'invoke_agent',
      [ATTR.agentName]: called ?? telemetry.functionId ?? className,
      ...(asString(id) && { [ATTR.agentId]: asString(id) }),
    },
    input: () => promptInput({ instructions, system, ...options }),
    output: textOutput,
    progress: textProgress,
  });
  opened.frame.awaitsLoop = true;
  return opened;
}

interface Opening {
  kind: EntityKind;
  name: string;
  spanName: string | undefined;
  options: Dict;
  settings: ReturnType<typeof telemetrySettings>;
  attributes: Attributes;
  input(options: Dict): unknown;
  output(result: Dict): unknown;
  progress(): StreamProgress;
}

function open({
  kind,
  name,
  spanName,
  options,
  settings,
  attributes,
  input,
  output,
  progress,
}: Opening): Opened {
  const { isOff, inputs, outputs, functionId, metadata } = settings;
  const tools = asDict(options.tools) ?? {};
  const call = tracedCall({ instrument: INSTRUMENT, isOff, inputs, outputs, tools });
  const active = context.active();
  if (isOff) return { frame: openFrame('call', call, active), entity: undefined, output, progress };
  // Errors may quote either.
  const around = inputs || outputs ? active : withoutContent(active);
  const entity = startEntity(
    {
      kind,
      name,
      ...(spanName && { spanName }),
      scope: `respan.${INSTRUMENT}`,
      input: () => (inputs ? input(options) : undefined),
      attributes: {
        ...attributes,
        ...(functionId && { 'ai.telemetry.functionId': functionId }),
        ...metadataAttributes(metadata),
      },
    },
    around,
  );
  return { frame: openFrame('call', call, entity.context), entity, output, progress };
}

/** Whether the app, or a framework, has said already what this is a part of. */
function isInsideEntity(around: Context): boolean {
  const inherited = inheritedBy(around);
  return 'traceloop.workflow.name' in inherited || 'traceloop.entity.path' in inherited;
}

function follow(opened: Opened, run: () => unknown): unknown {
  const { frame, entity } = opened;
  let result: unknown;
  try {
    result = context.with(frame.context, run);
  } catch (error) {
    safely(WHERE, () => entity?.fail(error));
    throw error;
  }
  if (!entity) return result;
  const onAnswer = (answer: unknown): void => {
    if (followBaseStream(opened, entity, answer)) return;
    const { outputs } = frame.call;
    entity.succeed(outputs ? safely('an output', () => opened.output(asDict(answer) ?? {})) : undefined);
  };
  if (result instanceof Promise) return followed(result, onAnswer, (error) => entity.fail(error));
  safely(WHERE, () => onAnswer(result));
  return result;
}

/**
 * Everything that is read of a result comes from one stream in it, which is private and not locked before somebody reads
 * it. (The promises beside it start reading when they are looked at.)
 */
function followBaseStream({ frame, progress }: Opened, entity: Entity, answer: unknown): boolean {
  const result = answer as { baseStream?: unknown } | null | undefined;
  const stream = result?.baseStream;
  if (!isReadable(stream)) return false;
  const seen = { ...progress(), at: performance.now() };
  const output = outputOf(seen, frame.call);
  observeInPlace(stream, {
    onItem(chunk) {
      seen.at = performance.now();
      seen.add(chunk);
    },
    onDone() {
      const failure = seen.failure();
      if (failure) entity.fail(failure.error, output());
      else entity.succeed(output());
    },
    onError: (error) => entity.fail(error, output()),
  });
  frame.call.carried.by(stream);
  entity.settleWith(stream, () => {
    const failure = seen.failure();
    return {
      output: output(),
      endTime: seen.at,
      isWhole: seen.isWhole(),
      // An app that aborts and goes has left.
      failure: failure?.isAbort ? undefined : failure,
    };
  });
  return true;
}

/** In a scope of its own, so that it holds on to nothing else (see Entity.settleWith). */
function outputOf(seen: StreamProgress, { outputs }: TracedCall) {
  return () => (outputs ? safely('an output', seen.output) : undefined);
}
