import { asDict, asText, type Dict } from './genai/read';
import type { Sender, WireOperation } from './genai/types';
import { defineInstrument } from './kit/define';
import { type ModelOperation, modelMethodOf } from './kit/method';
import { patch, type Wrapper } from './kit/wrap';
import { chat } from './shapes/cohere/chat';
import { chatV1 } from './shapes/cohere/chat-v1';
import { classify } from './shapes/cohere/classify';
import { embed } from './shapes/cohere/embed';
import { generate, summarize } from './shapes/cohere/generate';
import { parse } from './shapes/cohere/parse';
import { rerank } from './shapes/cohere/rerank';
import { transcription } from './shapes/cohere/transcription';

interface Method {
  operation(): WireOperation;
  streams?: boolean;
  /** The request among the arguments; by default the first one. */
  body?(args: unknown[]): Dict;
}

const v2: Record<string, Method> = {
  chat: { operation: () => chat },
  chatStream: { operation: () => chat, streams: true },
  embed: { operation: () => embed },
  rerank: { operation: () => rerank },
  parse: { operation: () => parse },
};

/**
 * Which method of which class of `cohere-ai` is which operation, for 7.7 to 8. CohereClientV2 binds the methods of
 * both classes to itself, the clients for AWS inherit from the first one.
 */
const METHODS: Record<string, Record<string, Method>> = {
  CohereClient: {
    chat: { operation: () => chatV1 },
    chatStream: { operation: () => chatV1, streams: true },
    generate: { operation: () => generate },
    generateStream: { operation: () => generate, streams: true },
    embed: { operation: () => embed },
    rerank: { operation: () => rerank },
    classify: { operation: () => classify },
    summarize: { operation: () => summarize },
  },
  V2Client: v2,
  // Before 7.21.
  V2: v2,
  TranscriptionsClient: {
    create: { operation: () => transcription, body: ([file, request]) => ({ ...asDict(request), file }) },
  },
};

export const instrument = defineInstrument({
  id: 'cohere',
  patchModule({ path, exports }) {
    patch((wrap) => {
      if (path === 'aws-utils') wrap(exports, 'fetchOverride', rememberingPlatform);
      for (const [className, methods] of Object.entries(METHODS)) {
        const exported = exports[className];
        if (typeof exported !== 'function') continue;
        const prototype = exported.prototype as Record<string, unknown>;
        for (const [name, method] of Object.entries(methods)) {
          // From 7.18 on `chat` makes a promise with `withRawResponse` of what `__chat` answers.
          const twin = `__${name}`;
          const isTwin = typeof prototype[twin] === 'function';
          wrap(prototype, isTwin ? twin : name, tracedMethod(method, isTwin));
        }
      }
    });
  },
});

const tracedMethod = (method: Method, isTwin: boolean): Wrapper =>
  modelMethodOf('cohere', () => operationOf(method, isTwin));

function operationOf({ operation: made, streams, body = firstOf }: Method, isTwin: boolean): ModelOperation {
  const operation = made();
  const dataOf = (answer: unknown) => (isTwin ? asDict(answer)?.data : answer);
  return {
    instrument: 'cohere',
    name: `cohere.${operation.spanSuffix}`,
    request: (args, client) => ({
      ...operation.request(body(args), senderOf(client)),
      ...(streams && { stream: true }),
    }),
    response: (answer) => operation.response(dataOf(answer)),
    stream: dataOf,
    ...(streams && operation.accumulator && { accumulator: operation.accumulator }),
  };
}

const firstOf = ([request]: unknown[]): Dict => asDict(request) ?? {};

/** Where a client sends to: what it was told, as far as that is no function of the app's. */
function senderOf(client: unknown): Sender {
  const { baseUrl, environment, awsRegion, fetcher } = asDict(asDict(client)?._options) ?? {};
  const platform = PLATFORMS[(typeof fetcher === 'function' && platforms.get(fetcher)) || ''];
  if (platform) {
    const { host, provider } = platform;
    return { baseURL: `https://${host}.${asText(awsRegion)}.amazonaws.com`, provider };
  }
  return { baseURL: baseUrl ?? environment ?? 'https://api.cohere.com' };
}

/** The clients of `cohere-ai/aws` are those above with a fetcher of their own, which knows the rest. */
const PLATFORMS: Record<string, { host: string; provider: string }> = {
  bedrock: { host: 'bedrock-runtime', provider: 'aws.bedrock' },
  sagemaker: { host: 'runtime.sagemaker', provider: 'aws.sagemaker' },
};

const platforms = new WeakMap<object, string>();

const rememberingPlatform: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const fetcher = original.apply(this, args);
    const [platform] = args;
    if (typeof fetcher === 'function' && typeof platform === 'string') platforms.set(fetcher, platform);
    return fetcher;
  };
