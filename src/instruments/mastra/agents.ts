import { safely } from '../../config/safely';
import { context } from '../../telemetry/api';
import { type Entity, startEntity } from '../../telemetry/entity-span';
import { followed } from '../../telemetry/follow';
import { ATTR } from '../genai/attributes';
import { asArray, asDict, asString, type Dict } from '../genai/read';
import { patch, type Wrapper } from '../kit/wrap';
import { partsOf, toolCallPart } from '../shapes/ai_sdk/content';
import { type Frame, frameIn, liveFrame, openFrame, tracedCall } from '../shapes/ai_sdk/frames';
import { isReadable, observeInPlace } from '../shapes/ai_sdk/readable';
import { holderOf, traceModel } from '../shapes/ai_sdk/trace-model';
import { traceTools } from '../shapes/ai_sdk/trace-tool';

const INSTRUMENT = 'mastra';
const WHERE = `the ${INSTRUMENT} instrument`;
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Runs of agents: what they answer with may be a stream, which is over when Mastra says so. */
interface Run {
  entity: Entity;
  isStream: boolean;
  agent: unknown;
}
const runs = new WeakMap<Frame, Run>();

/** A method of an agent that runs it. Some call each other: the outermost is the run. */
export function tracedRun(method: string): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const outer = frameIn(context.active());
      if (outer && runs.get(outer)?.agent === this) return original.apply(this, args);
      const frame = safely(WHERE, () => openRun(method, this, args));
      if (!frame) return original.apply(this, args);
      return follow(frame, () => original.apply(this, args));
    };
}

function openRun(method: string, agent: unknown, [messages, options]: unknown[]): Frame {
  const { name, id } = (agent ?? {}) as Dict;
  const called = asString(name) ?? asString(id) ?? 'agent';
  const { runId, threadId, resourceId, memory } = asDict(options) ?? {};
  const { thread, resource } = asDict(memory) ?? {};
  const entity = startEntity(
    {
      kind: 'agent',
      name: called,
      scope: `respan.${INSTRUMENT}`,
      input: () => inputOf(messages),
      attributes: {
        [ATTR.operationName]: 'invoke_agent',
        [ATTR.agentName]: called,
        ...text(ATTR.agentId, id),
        ...text(ATTR.conversationId, threadId ?? asDict(thread)?.id ?? thread),
        ...text('mastra.run.id', runId),
        ...text('mastra.resource.id', resourceId ?? resource),
      },
    },
    context.active(),
  );
  const frame = openFrame(
    'call',
    tracedCall({ instrument: INSTRUMENT, isOff: false, inputs: true, outputs: true, tools: {} }),
    entity.context,
  );
  frame.awaitsLoop = true;
  runs.set(frame, { entity, agent, isStream: /stream|network/i.test(method) });
  return frame;
}

const text = (name: string, value: unknown): Record<string, string> =>
  typeof value === 'string' && value !== '' ? { [name]: value } : {};

function inputOf(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return messages.map((message: unknown) => {
    const { role, content } = asDict(message) ?? {};
    if (role === undefined) return message;
    return { role, content: Array.isArray(content) ? partsOf(content) : content };
  });
}

function follow(frame: Frame, run: () => unknown): unknown {
  const { entity, isStream } = runs.get(frame)!;
  let result: unknown;
  try {
    result = context.with(frame.context, run);
  } catch (error) {
    safely(WHERE, () => entity.fail(error));
    throw error;
  }
  const onAnswer = (answer: unknown): void => {
    if (!isStream) entity.succeed(outputOf(asDict(answer) ?? {}));
    else followStream(frame, entity, answer);
  };
  if (result instanceof Promise) return followed(result, onAnswer, (error) => entity.fail(error));
  safely(WHERE, () => onAnswer(result));
  return result;
}

/** An object around a stream. The one of the AI SDK 4 has it where it can be seen; of its own, Mastra tells the end. */
function followStream({ call }: Frame, entity: Entity, answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) {
    entity.succeed();
    return;
  }
  const { baseStream } = answer as { baseStream?: unknown };
  const stream = isReadable(baseStream) ? baseStream : undefined;
  if (stream) {
    let words = '';
    observeInPlace(stream, {
      onItem(chunk) {
        const part = asDict(asDict(chunk)?.part) ?? asDict(chunk) ?? {};
        if (part.type === 'text-delta') words += asString(part.textDelta) ?? '';
        if (part.type === 'error') entity.fail(part.error);
      },
      onDone: () => entity.succeed({ text: words }),
      onError: (error) => entity.fail(error),
    });
  }
  const carrier = stream ?? answer;
  call.carried.by(carrier);
  entity.settleWith(carrier);
}

/** What an agent said last, and the tools it asked for then. */
export function outputOf({ text: said, object, finishReason, toolCalls, steps }: Dict): Dict {
  const calls = asArray(asDict(asArray(steps)?.at(-1))?.toolCalls ?? toolCalls) ?? [];
  return {
    ...(typeof said === 'string' && { text: said }),
    ...(object !== undefined && object !== null && { object }),
    ...(typeof finishReason === 'string' && { finishReason }),
    ...(calls.length > 0 && {
      toolCalls: calls.map((call) => toolCallPart(asDict(asDict(call)?.payload) ?? asDict(call) ?? {})),
    }),
  };
}

/** `resolveModelConfig`: what an agent makes of the model it was given, an object of the AI SDK's or a name. */
export const tracedModelConfig: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const result = original.apply(this, args);
    const [given] = args;
    const trace = (resolved: unknown): void => traceModel(isModel(given) ? given : resolved);
    if (result instanceof Promise) return followed(result, trace, () => {});
    safely(WHERE, () => trace(result));
    return result;
  };

const isModel = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Dict).doStream === 'function';

/** `getLLM`: the object that loops, of a class Mastra does not export. */
export const tracedLLM: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const result = original.apply(this, args);
    if (result instanceof Promise) return followed(result, traceLLM, () => {});
    safely(WHERE, () => traceLLM(result));
    return result;
  };

/** Of the loop of its own, and of those around the AI SDK 4. */
const LOOPS = ['stream', '__text', '__textObject', '__stream', '__streamObject'];

function traceLLM(llm: unknown): void {
  if (typeof llm !== 'object' || llm === null) return;
  for (const method of LOOPS) {
    const holder = holderOf(llm, method);
    if (holder) safely(WHERE, () => patch((wrap) => wrap(holder, method, tracedLoop)));
  }
}

const tracedLoop: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const observed = safely(WHERE, () => observeLoop(args)) ?? args;
    return original.apply(this, observed);
  };

function observeLoop(args: unknown[]): unknown[] {
  const [given, ...rest] = args;
  const frame = liveFrame();
  const options = asDict(given);
  if (!frame || !options) return args;
  traceTools(options.tools);
  frame.call.tools = asDict(options.tools) ?? {};
  const run = runs.get(frame);
  const callbacks = asDict(options.options);
  if (!run?.isStream || !callbacks) return args;
  return [{ ...options, options: { ...callbacks, ...observedCallbacks(run.entity, callbacks) } }, ...rest];
}

function observedCallbacks(entity: Entity, { onFinish, onError }: Dict): Record<string, AnyFunction> {
  const observed =
    (callback: unknown, observe: (value: unknown) => void): AnyFunction =>
    (...args) => {
      safely(WHERE, () => observe(args[0]));
      return typeof callback === 'function'
        ? (Reflect.apply(callback, undefined, args) as unknown)
        : undefined;
    };
  return {
    onFinish: observed(onFinish, (answer) => {
      const { error, ...output } = asDict(answer) ?? {};
      if (error !== undefined && error !== null) entity.fail(error, outputOf(output));
      else entity.succeed(outputOf(output));
    }),
    onError: observed(onError, (event) => entity.fail(asDict(event)?.error ?? event)),
  };
}
