import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { asArray, asDict, type Dict } from '../genai/read';
import type { ModelRequest, ModelResponse } from '../genai/types';
import { beginCall } from '../kit/begin';
import { followGenerator } from '../kit/follow-stream';
import { whenAsked } from '../kit/generator';
import type { ModelCall } from '../kit/model-call';
import { patch, type Wrap, type Wrapper } from '../kit/wrap';
import { withoutBatch } from './batch-context';
import { keepContext } from './generators';
import { EventAccumulator } from './model-events';
import { chatRequest, completionRequest } from './model-request';
import { ChunkAccumulator, generationResponse } from './model-response';
import { INSTRUMENT, runName, WHERE } from './run';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

interface Kind {
  /** The second half of the spans' names. */
  suffix: string;
  request(model: unknown, prompt: unknown, options: unknown): ModelRequest;
}

const chat: Kind = { suffix: 'chat', request: chatRequest };
const completion: Kind = { suffix: 'completion', request: completionRequest };

export function patchChatModels(wrap: Wrap, prototype: object): void {
  wrap(
    prototype,
    'generate',
    generate(chat, (prompts) => prompts),
  );
  wrap(prototype, '_generateUncached', askedForReal);
  wrap(prototype, '_streamIterator', streamed(chat, prototype));
  if (Object.hasOwn(prototype, 'streamEvents')) wrap(prototype, 'streamEvents', streamedAsEvents);
}

/** A completion model sends all its prompts in one call. */
export function patchCompletionModels(wrap: Wrap, prototype: object): void {
  wrap(
    prototype,
    'generate',
    generate(completion, (prompts) => [prompts]),
  );
  wrap(prototype, '_generateUncached', askedForReal);
  wrap(prototype, '_streamIterator', streamed(completion, prototype));
}

/** What runs inside of `generate`: as many calls as there are lists of messages. */
interface Calls {
  model: unknown;
  calls: ModelCall[];
  /** Not all prompts were in the cache. */
  isAsked: boolean;
}

const CALLS = Symbol('respan: calls of a LangChain model');

const callsIn = (around: Context): Calls | undefined => around.getValue(CALLS) as Calls | undefined;

function generate(kind: Kind, split: (prompts: unknown[]) => unknown[]): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const [prompts, options] = args;
      const around = withoutBatch(context.active());
      const state = safely(WHERE, () =>
        context.with(around, (): Calls => {
          // Its holes are prompts, too.
          const calls = Array.from(split(asArray(prompts) ?? []), (prompt) =>
            begin(kind, this, prompt, options),
          );
          if (calls.length > 1) patchGenerate(this);
          return { model: this, calls, isAsked: !hasCache(this) };
        }),
      );
      if (!state) return original.apply(this, args);
      const active = state.calls.length === 1 ? state.calls[0]!.run(() => context.active()) : around;
      const answer = context.with(active.setValue(CALLS, state), () => original.apply(this, args));
      if (!(answer instanceof Promise)) return answer;
      return followed(
        answer,
        (result) => {
          for (const [at, call] of state.calls.entries()) call.succeed(responseOf(state, result, at));
        },
        (error) => {
          for (const call of state.calls) call.fail(error);
        },
      );
    };
}

const hasCache = (model: unknown): boolean => Boolean((model as { cache?: unknown } | undefined)?.cache);

/** What came from a cache has cost nothing. */
function responseOf({ calls, isAsked }: Calls, result: unknown, at: number): ModelResponse {
  const response = generationResponse(result, calls.length > 1 ? at : undefined);
  return isAsked ? response : { ...response, usage: undefined, extra: { 'langchain.cached': true } };
}

function askedForReal(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const state = callsIn(context.active());
    if (state && state.model === this) state.isAsked = true;
    return original.apply(this, args);
  };
}

/**
 * Where several lists of messages go out at once, the model's own class is asked for each of them: there is where
 * they can be told apart.
 */
const patchGenerate = (model: unknown): void => patchOwn(model, '_generate', oneOfSeveral);

/** On the class of the model's that has the method. */
function patchOwn(model: unknown, name: string, wrapper: Wrapper): void {
  let owner = model as object | null;
  while (owner && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object | null;
  if (owner) patch((wrap) => wrap(owner, name, wrapper));
}

function oneOfSeveral(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const active = context.active();
    const { model, calls = [] } = callsIn(active) ?? {};
    const at = asDict(args[1])?.promptIndex;
    const call = model === this && typeof at === 'number' && calls.length > 1 ? calls[at] : undefined;
    if (!call) return original.apply(this, args);
    const answer = call.run(() => original.apply(this, args));
    if (!(answer instanceof Promise)) return answer;
    const onAnswer = (result: unknown): void => {
      const { generations, llmOutput } = asDict(result) ?? {};
      call.succeed(generationResponse({ generations: [generations], llmOutput }));
    };
    return followed(answer, onAnswer, call.fail);
  };
}

/** A model that streams; one that cannot is asked by way of `invoke`. */
function streamed(kind: Kind, prototype: object): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const generator = original.apply(this, args) as AsyncIterator<unknown>;
      const around = withoutBatch(context.active());
      safely(WHERE, () => {
        if (!canStream(this, prototype)) {
          keepContext(generator, around);
          return;
        }
        whenAsked(generator, () =>
          safely(WHERE, () => {
            const call = context.with(around, () => begin(kind, this, promptOf(args[0]), args[1], true));
            followGenerator(generator, call, new ChunkAccumulator());
          }),
        );
      });
      return generator;
    };
}

function canStream(self: unknown, prototype: object): boolean {
  const model = self as Dict;
  return !model.disableStreaming && model._streamResponseChunks !== (prototype as Dict)._streamResponseChunks;
}

/** What an app has asked for as events of the model's own, which go past callbacks and everything above. */
interface AskedEvents {
  model: unknown;
  input: unknown;
  options: unknown;
  isTaken: boolean;
}

const EVENTS = Symbol('respan: events of a LangChain model');

function streamedAsEvents(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const [input, options] = args;
    const { version } = asDict(options) ?? {};
    if (version === 'v1' || version === 'v2') return original.apply(this, args);
    safely(WHERE, () => patchOwn(this, '_streamChatModelEvents', eventsOfModel));
    const asked: AskedEvents = { model: this, input, options, isTaken: false };
    return context.with(context.active().setValue(EVENTS, asked), () => original.apply(this, args));
  };
}

function eventsOfModel(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const generator = original.apply(this, args) as AsyncIterator<unknown>;
    const asked = context.active().getValue(EVENTS) as AskedEvents | undefined;
    if (!asked || asked.isTaken || asked.model !== this) return generator;
    asked.isTaken = true;
    const around = context.active().deleteValue(EVENTS);
    safely(WHERE, () =>
      whenAsked(generator, () =>
        safely(WHERE, () => {
          const { input, options } = asked;
          const call = context.with(around, () => begin(chat, this, promptOf(input), options, true));
          followGenerator(generator, call, new EventAccumulator());
        }),
      ),
    );
    return generator;
  };
}

/** What `stream` and `invoke` take: a text, a list of messages, or what a prompt template makes. */
function promptOf(input: unknown): unknown {
  if (Array.isArray(input)) return input;
  const value = input as { toChatMessages?: () => unknown; messages?: unknown } | undefined;
  if (typeof value?.toChatMessages === 'function') return value.messages ?? value.toChatMessages();
  return [input];
}

function begin(kind: Kind, model: unknown, prompt: unknown, given: unknown, stream?: true): ModelCall {
  const options = Array.isArray(given) ? { stop: given } : (asDict(given) ?? {});
  return beginCall(
    {
      instrument: INSTRUMENT,
      name: `${safely(WHERE, () => runName(model, options)) ?? 'model'}.${kind.suffix}`,
      isFramework: true,
    },
    () => ({ ...kind.request(model, prompt, options), stream }),
    () => ({ operation: kind === chat ? 'chat' : 'text_completion', provider: INSTRUMENT, stream }),
  );
}
