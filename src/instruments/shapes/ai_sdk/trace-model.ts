import { suppressTracing } from '@opentelemetry/core';
import { types } from 'util';
import { safely } from '../../../config/safely';
import { type Context, context } from '../../../telemetry/api';
import { followed, type IterationObserver } from '../../../telemetry/follow';
import { asDict, asDicts, asString, type Dict } from '../../genai/read';
import type { ModelRequest, ModelResponse } from '../../genai/types';
import { beginCall } from '../../kit/begin';
import type { ModelCall } from '../../kit/model-call';
import { patch } from '../../kit/wrap';
import { contextOf, type Frame, liveFrame, openFrame, type TracedCall } from './frames';
import { LanguageAccumulator, languageRequest, languageResponse } from './language-model';
import { embeddings, generationOf, type OtherOperation, rerank } from './other-models';
import { tryPipes } from './pipes';
import { identityOf } from './provider';
import { isReadable, observeInPlace } from './readable';

/**
 * The AI SDK asks models through methods that its specification names, whoever made the model: they are patched where
 * the first model that has them gets them from, its class or itself. Outside a call of a framework of ours they do what
 * they did: whoever calls them, and whether that is traced, is somebody else's business.
 */
const METHODS = ['doGenerate', 'doStream', 'doEmbed', 'doRerank'] as const;
type Method = (typeof METHODS)[number];

const seen = new WeakSet<object>();

export function traceModel(model: unknown): void {
  if (typeof model !== 'object' || model === null || seen.has(model)) return;
  seen.add(model);
  tryPipes();
  for (const method of METHODS) {
    const holder = holderOf(model, method);
    if (holder) safely('a model', () => patch((wrap) => wrap(holder, method, tracedMethod(method))));
  }
}

/**
 * The object a method can be replaced on. Not behind a proxy: what it shows is made as it is asked, and what is set on it
 * ends up elsewhere.
 */
export function holderOf(object: object, method: string): object | undefined {
  for (let holder: object | null = object; holder; holder = Object.getPrototypeOf(holder) as object | null) {
    if (types.isProxy(holder)) return undefined;
    const own = Object.getOwnPropertyDescriptor(holder, method);
    if (!own) continue;
    const isReplaceable = typeof own.value === 'function' && (own.configurable || own.writable);
    return isReplaceable ? holder : undefined;
  }
  return undefined;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const tracedMethod =
  (method: Method) =>
  (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]) {
      const around = context.active();
      const frame = liveFrame(around);
      // A model inside a model is a middleware's business.
      if (!frame || frame.kind === 'model') return original.apply(this, args);
      const parent = contextOf(frame, around);
      if (frame.call.isOff) return context.with(suppressTracing(parent), () => original.apply(this, args));
      const asked = safely('a model', () => ask(method, this, asDict(args[0]) ?? {}, frame, parent));
      if (!asked) return original.apply(this, args);
      return follow(asked, () => original.apply(this, args));
    };

/** One question to a model. */
interface Asked {
  method: Method;
  call: ModelCall;
  frame: Frame;
  traced: TracedCall;
  other: OtherOperation | undefined;
}

function ask(
  method: Method,
  model: unknown,
  options: Dict,
  around: Frame,
  parent: Context,
): Asked | undefined {
  const other = operationOf(method, options);
  const { library, provider, model: name, server } = identityOf(model);
  const base = (): Partial<ModelRequest> => ({
    provider,
    model: name,
    serverAddress: server?.address,
    serverPort: server?.port,
    stream: method === 'doStream' || undefined,
  });
  const { call: traced } = around;
  const call = context.with(parent, () =>
    beginCall(
      {
        instrument: traced.instrument,
        name: `${library}.${other?.suffix ?? 'chat'}`,
        isFramework: true,
        isWhole: true,
      },
      () => {
        const request = { ...base(), ...(other ? other.request(options) : languageRequest(options)) };
        return traced.inputs ? request : { ...request, system: [], messages: [], tools: [] };
      },
      base,
    ),
  );
  const inside = call.run(() => context.active());
  return { method, call, traced, other, frame: openFrame('model', traced, inside, around) };
}

function operationOf(method: Method, options: Dict): OtherOperation | undefined {
  if (method === 'doEmbed') return embeddings;
  if (method === 'doRerank') return rerank;
  return method === 'doGenerate' ? generationOf(options) : undefined;
}

function follow(asked: Asked, run: () => unknown): unknown {
  const { call, frame } = asked;
  const fail = (error: unknown): void => {
    frame.isOver = true;
    call.fail(error);
  };
  let result: unknown;
  try {
    result = context.with(frame.context, run);
  } catch (error) {
    safely('a model', () => fail(error));
    throw error;
  }
  const onAnswer = (answer: unknown): void => {
    if (followParts(asked, answer)) return;
    frame.isOver = true;
    call.succeed(safely('the response mapping', () => responseOf(asked, answer)));
  };
  if (result instanceof Promise) return followed(result, onAnswer, fail);
  safely('a model', () => onAnswer(result));
  return result;
}

function responseOf({ traced, other }: Asked, answer: unknown): ModelResponse {
  const given = asDict(answer) ?? {};
  if (other) return withoutHidden(traced, other.response(given));
  for (const part of [...asDicts(given.content), ...asDicts(given.toolCalls)]) noteToolCall(traced, part);
  return withoutHidden(traced, languageResponse(given));
}

/** In V1 tool calls of an answer have no type of their own. */
function noteToolCall({ toolNames }: TracedCall, { toolCallId, toolName }: Dict): void {
  const name = asString(toolName);
  if (name && typeof toolCallId === 'string') toolNames.set(toolCallId, name);
}

const withoutHidden = ({ outputs }: TracedCall, response: ModelResponse): ModelResponse =>
  outputs ? response : { ...response, messages: undefined, events: undefined };

/** Of `doStream`: the stream in the answer tells what is read of it. */
function followParts(asked: Asked, answer: unknown): boolean {
  // Mastra's own models answer with a stream of what came at once, some with nothing beside it.
  if (asked.method !== 'doStream' && 'content' in Object(answer)) return false;
  const { stream } = Object(answer) as { stream?: unknown };
  if (!isReadable(stream)) return false;
  const { call, frame, traced } = asked;
  const isStream = asked.method === 'doStream';
  const progress = { parts: new LanguageAccumulator(), at: performance.now() };
  const observer: IterationObserver<unknown> = {
    onItem(chunk) {
      const part = asDict(chunk) ?? {};
      // The head of every stream comes before the model has said anything.
      if (isStream && part.type !== 'stream-start') call.chunk();
      if (part.type === 'tool-call') noteToolCall(traced, part);
      progress.at = performance.now();
      progress.parts.add(part);
    },
    onDone() {
      frame.isOver = true;
      const response = withoutHidden(traced, progress.parts.response());
      const { failure } = progress.parts;
      if (failure) call.fail(failure.error, response);
      else call.succeed(response);
    },
    onError(error) {
      frame.isOver = true;
      call.fail(error, withoutHidden(traced, progress.parts.response()));
    },
  };
  observeInPlace(stream, observer);
  const known = knownFrom(progress, traced);
  call.otherwise(known, stream);
  traced.carried.whenKnown((carrier) => call.otherwise(known, carrier));
  return true;
}

/** In a scope of its own, so that it holds on to nothing else (see ModelCall.otherwise). */
function knownFrom(progress: { parts: LanguageAccumulator; at: number }, traced: TracedCall) {
  return () => ({
    response: withoutHidden(traced, progress.parts.response()),
    endTime: progress.at,
    failure: progress.parts.failure,
  });
}
