import { asDict, asString, type Dict } from './genai/read';
import type { Sender, WireOperation } from './genai/types';
import { defineInstrument } from './kit/define';
import { type ModelOperation, modelMethod } from './kit/method';
import { patch } from './kit/wrap';
import {
  textCompletions as openaiCompletions,
  embeddings as openaiEmbeddings,
} from './shapes/openai/other-operations';
import { chat, embeddings, rerank, textGeneration } from './shapes/watsonx/operations';
import { dataOf } from './shapes/watsonx/stream';

const METHODS: Record<string, WireOperation> = {
  textChat: chat,
  textChatStream: chat,
  deploymentsTextChat: chat,
  deploymentsTextChatStream: chat,
  generateText: textGeneration,
  generateTextStream: textGeneration,
  deploymentGenerateText: textGeneration,
  deploymentGenerateTextStream: textGeneration,
  embedText: embeddings,
  textRerank: rerank,
};

/** The gateway to other providers' models speaks OpenAI's API. */
const GATEWAY: Record<string, WireOperation> = {
  ChatCompletions: chat,
  EmbeddingCompletions: openaiEmbeddings,
  GenerateTextCompletions: {
    ...openaiCompletions,
    accumulator: () => {
      const completions = openaiCompletions.accumulator!();
      return { add: (chunk) => completions.add(dataOf(chunk)), response: () => completions.response() };
    },
  },
};

/**
 * `@ibm-cloud/watsonx-ai`. Methods take one object in camel case and answer with `{ status, headers, result }`, or with a
 * stream of events or of their lines.
 */
export const instrument = defineInstrument({
  id: 'watsonx',
  patchModule({ exports }) {
    patch((wrap) => {
      // Up to 1.6 the module is the class.
      for (const candidate of [exports, exports.WatsonXAI, exports.WatsonxAiMlVml_v1]) {
        const prototype = prototypeOf(candidate);
        if (!prototype || !('generateText' in prototype)) continue;
        for (const [method, operation] of Object.entries(METHODS)) {
          wrap(prototype, method, modelMethod(watsonxCall(operation, method.endsWith('Stream'))));
        }
      }
      for (const [name, operation] of Object.entries(GATEWAY)) {
        const prototype = prototypeOf(exports[name]);
        if (prototype) wrap(prototype, 'create', modelMethod(watsonxCall(operation)));
      }
    });
  },
});

const prototypeOf = (value: unknown): object | undefined =>
  typeof value === 'function' ? (value.prototype as object) : undefined;

function watsonxCall(operation: WireOperation, stream?: boolean): ModelOperation {
  return {
    instrument: 'watsonx',
    name: `watsonx.${operation.spanSuffix}`,
    request([params], self) {
      const body = bodyOf(asDict(params) ?? {});
      if (stream) body.stream = true;
      const request = operation.request(body, senderOf(self));
      return { ...request, stream: body.stream === true || undefined };
    },
    response: (answer) => operation.response(asDict(answer)?.result),
    accumulator: operation.accumulator,
  };
}

/** `maxTokens` is sent as `max_tokens`. */
function bodyOf(params: Dict): Dict {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

/** The service itself, or a resource of the gateway, which is one. */
function senderOf(self: unknown): Sender {
  const service = self as { client?: unknown; baseOptions?: unknown } | undefined;
  const options = asDict(service?.baseOptions) ?? asDict(asDict(service?.client)?.baseOptions);
  return { baseURL: asString(options?.serviceUrl), provider: 'ibm.watsonx.ai' };
}
