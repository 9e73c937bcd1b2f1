import { safely } from '../../config/safely';
import { context, trace } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { modelCallOf } from '../../telemetry/model-call-context';
import { ATTR } from '../genai/attributes';
import { providerAt, serverOf } from '../genai/providers';
import { asDict, asString } from '../genai/read';
import { responseAttributes } from '../genai/to-attributes';
import { modelGenerator } from '../kit/generator';
import { type ModelOperation, modelMethod } from '../kit/method';
import { patch, type Wrapper } from '../kit/wrap';
import { chatUsage } from '../shapes/openai/usage';
import { chatCompletion, TextGenerationAccumulator, taskRequest, taskResponse } from './hosted-operations';
import { spanSuffix } from './tasks';

const INSTRUMENT = 'transformers';
/** The hosted models are another thing than the library that runs them here. */
const NAME = 'huggingface';

/**
 * `@huggingface/inference`. Its client copies every task function onto each instance, where nothing can be redefined,
 * and many apps import the functions on their own: the functions themselves are replaced where they are declared.
 */
export function patchInference(exports: Record<string, unknown>): void {
  patch((wrap) => {
    for (const name of Object.keys(exports)) {
      const wrapper =
        WRAPPERS[name] ?? (typeof exports[name] === 'function' ? taskFunction(name) : undefined);
      if (wrapper) wrap(exports, name, wrapper);
    }
  });
}

const base = { instrument: INSTRUMENT };
const argsOf = (args: unknown[]) => asDict(args[0]) ?? {};

const chatOperation: ModelOperation = {
  ...base,
  name: `${NAME}.chat`,
  request: (args) => chatCompletion.request(argsOf(args)),
  response: chatCompletion.response,
  accumulator: chatCompletion.accumulator,
};

const chatStream: ModelOperation = {
  ...chatOperation,
  request: (args) => ({ ...chatOperation.request(args, undefined), stream: true }),
};

function taskOperation(task: string): ModelOperation {
  return {
    ...base,
    name: `${NAME}.${spanSuffix(task)}`,
    request: (args) => taskRequest(task, argsOf(args)),
    response: (answer) => taskResponse(task, answer),
  };
}

const textStream: ModelOperation = {
  ...taskOperation('text-generation'),
  request: (args) => ({ ...taskRequest('text-generation', argsOf(args)), stream: true }),
  accumulator: () => new TextGenerationAccumulator(),
};

/** `request` and `streamingRequest` are for tasks that have no function; up to 3.x the others are made of them. */
const anyRequest: ModelOperation = {
  ...base,
  name: `${NAME}.request`,
  request: (args) => taskRequest(taskOf(args[1]), argsOf(args)),
  response: (answer) => ({ ...taskResponse('request', answer), ...chatIfChat(answer) }),
  isPartOfOuter: true,
};

const anyStream: ModelOperation = {
  ...anyRequest,
  request: (args) => ({ ...taskRequest(taskOf(args[1]), argsOf(args)), stream: true }),
  accumulator: () => new AnyAccumulator(),
};

const taskOf = (options: unknown): string => asString(asDict(options)?.task) ?? 'request';

const chatIfChat = (answer: unknown) => (asDict(answer)?.choices ? chatCompletion.response(answer) : {});

/** Both kinds of streams that there are: of chats and of texts. */
class AnyAccumulator {
  readonly #chat = chatCompletion.accumulator();
  readonly #text = new TextGenerationAccumulator();
  #isChat = false;

  add(chunk: unknown): void {
    this.#isChat ||= asDict(chunk)?.choices !== undefined;
    (this.#isChat ? this.#chat : this.#text).add(chunk);
  }

  response() {
    return (this.#isChat ? this.#chat : this.#text).response();
  }
}

/** `featureExtraction` is for the task `feature-extraction`. */
const taskFunction = (name: string): Wrapper =>
  modelMethod(taskOperation(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)));

/** The URL is made from the provider, the model and the token: it is known once the library has made it. */
const knownUrl = noting((made) => {
  const server = serverOf(asDict(made)?.url);
  return (
    server && {
      [ATTR.serverAddress]: server.address,
      [ATTR.serverPort]: server.port,
      [ATTR.providerName]: providerAt(server, 'huggingface'),
    }
  );
});

/** What a provider says of tokens, of which the library hands on only those of chats. */
const knownUsage = noting((answer) => {
  const body = asDict(asDict(answer)?.data);
  const usage = chatUsage(body?.usage);
  return usage && responseAttributes({ usage }, false);
});

const WRAPPERS: Record<string, Wrapper> = {
  chatCompletion: modelMethod(chatOperation),
  chatCompletionStream: modelGenerator(chatStream),
  textGenerationStream: modelGenerator(textStream),
  request: modelMethod(anyRequest),
  streamingRequest: modelGenerator(anyStream),
  makeRequestOptions: knownUrl,
  innerRequest: knownUsage,
};

/** For a function of the library's own work inside a call: what its result tells is noted on the call's span. */
function noting(
  tell: (result: unknown) => Record<string, string | number | boolean | string[]> | undefined,
): Wrapper {
  return (original) =>
    ({
      traced(this: unknown, ...args: unknown[]) {
        const active = context.active();
        const span = modelCallOf(active) === INSTRUMENT ? trace.getSpan(active) : undefined;
        const result = original.apply(this, args);
        if (!span || !(result instanceof Promise) || result.constructor !== Promise) return result;
        const note = (value: unknown) => {
          const known = safely('the transformers instrument', () => tell(value));
          if (known) span.setAttributes(known);
        };
        return followed(result, note, () => {});
      },
    }).traced;
}
