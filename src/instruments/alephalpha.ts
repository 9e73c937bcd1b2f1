import { base64Bytes, blob } from './genai/media';
import { providerAt, type Server, serverOf } from './genai/providers';
import { asArray, asBoolean, asDict, asDicts, asNumber, asString, asStrings, type Dict } from './genai/read';
import type {
  ModelRequest,
  ModelResponse,
  Operation,
  Part,
  Sender,
  StreamAccumulator,
  WireOperation,
} from './genai/types';
import type { HttpApi } from './http-api/types';
import { defineInstrument } from './kit/define';

/**
 * Aleph Alpha's API, which has no client for Node. Its chat and its newer embeddings are OpenAI's; completions and the
 * older embeddings are its own.
 */
const api = (path: RegExp, fits: HttpApi['fits'], operation: HttpApi['operation']): HttpApi => ({
  instrument: 'alephalpha',
  shape: 'alephalpha',
  library: 'alephalpha',
  provider: 'aleph_alpha',
  path,
  isAt: (server: Server) => providerAt(server, '') === 'aleph_alpha',
  fits,
  operation,
});

const hasModel = ({ model }: Dict): boolean => typeof model === 'string';

export const instrument = defineInstrument({
  id: 'alephalpha',
  httpApis: [
    api(/\/complete$/, hasModel, () => complete),
    api(
      /\/embed$/,
      (body) => hasModel(body) && body.prompt !== undefined,
      () => embedding,
    ),
    api(
      /\/semantic_embed$/,
      (body) => hasModel(body) && body.prompt !== undefined,
      () => embedding,
    ),
    api(
      /\/batch_semantic_embed$/,
      (body) => hasModel(body) && Array.isArray(body.prompts),
      () => embedding,
    ),
    api(
      /\/instructable_embed$/,
      (body) => hasModel(body) && body.input !== undefined,
      () => embedding,
    ),
    api(
      /\/chat\/completions$/,
      (body) => hasModel(body) && Array.isArray(body.messages),
      () => (require('./shapes/openai/chat') as typeof import('./shapes/openai/chat')).chat,
    ),
    api(
      /\/embeddings$/,
      (body) => hasModel(body) && body.input !== undefined,
      () =>
        (require('./shapes/openai/other-operations') as typeof import('./shapes/openai/other-operations'))
          .embeddings,
    ),
  ],
});

function baseRequest(operation: Operation, body: Dict, sender: Sender): ModelRequest {
  const server = serverOf(sender.baseURL);
  return {
    operation,
    provider: 'aleph_alpha',
    model: asString(body.model),
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

/** A prompt is a text, or a list of items of several modalities. */
function promptParts(prompt: unknown): Part[] {
  if (typeof prompt === 'string') return prompt === '' ? [] : [{ type: 'text', content: prompt }];
  return asDicts(asArray(prompt) ?? [prompt]).map((item): Part => {
    const data = asString(item.data);
    if (item.type === 'text') return { type: 'text', content: data ?? '' };
    if (item.type === 'image')
      return blob(undefined, data === undefined ? undefined : base64Bytes(data), 'image');
    return { ...item, type: asString(item.type) ?? 'unknown' };
  });
}

const userMessage = (parts: Part[]) => (parts.length > 0 ? [{ role: 'user', parts }] : []);

export const complete: WireOperation = {
  spanSuffix: 'completion',
  request: (body, sender) => ({
    ...baseRequest('text_completion', body, sender),
    stream: asBoolean(body.stream) || undefined,
    maxTokens: asNumber(body.maximum_tokens),
    temperature: asNumber(body.temperature),
    topK: asNumber(body.top_k),
    topP: asNumber(body.top_p),
    presencePenalty: asNumber(body.presence_penalty),
    frequencyPenalty: asNumber(body.frequency_penalty),
    stopSequences: asStrings(body.stop_sequences),
    choiceCount: asNumber(body.n),
    messages: userMessage(promptParts(body.prompt)),
  }),
  response: completion,
  accumulator: () => new CompletionAccumulator(),
};

function completion(answer: unknown): ModelResponse {
  const body = asDict(answer) ?? {};
  const completions = asDicts(body.completions);
  return {
    model: asString(body.model_version),
    finishReasons: completions.map(({ finish_reason }) => asString(finish_reason) ?? ''),
    messages: completions.map(({ completion, finish_reason }) => ({
      role: 'assistant',
      parts: promptParts(asString(completion) ?? ''),
      ...(asString(finish_reason) && { finish_reason: asString(finish_reason) }),
    })),
    usage: usageOf(body),
  };
}

function usageOf(body: Dict): ModelResponse['usage'] {
  const input = asNumber(body.num_tokens_prompt_total);
  const output = asNumber(body.num_tokens_generated);
  return input === undefined && output === undefined ? undefined : { input, output };
}

/** A stream has pieces of each completion, its summary, and at the end one of the whole answer. */
class CompletionAccumulator implements StreamAccumulator<unknown> {
  readonly #completions: Dict[] = [];
  #summary: Dict = {};

  add(chunk: unknown): void {
    const event = asDict(chunk);
    if (event?.type === 'completion_summary') this.#summary = { ...this.#summary, ...event };
    if (event?.type !== 'stream_chunk' && event?.type !== 'stream_summary') return;
    const index = asNumber(event.index) ?? 0;
    const known = (this.#completions[index] ??= { completion: '' });
    if (event.type === 'stream_chunk') {
      known.completion = `${asString(known.completion)}${asString(event.completion) ?? ''}`;
      return;
    }
    known.finish_reason = event.finish_reason;
    this.#summary.model_version ??= event.model_version;
  }

  response(): ModelResponse {
    return completion({ ...this.#summary, completions: this.#completions });
  }
}

export const embedding: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => ({
    ...baseRequest('embeddings', body, sender),
    dimensions: asNumber(body.compress_to_size),
    messages: (asArray(body.prompts) ?? [body.prompt ?? body.input]).flatMap((prompt) =>
      userMessage(promptParts(prompt)),
    ),
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    return { model: asString(body.model_version), usage: usageOf(body), dimensions: dimensionsOf(body) };
  },
};

/** One vector, several of them, or one for each layer and each way of pooling. */
function dimensionsOf({ embedding, embeddings }: Dict): number | undefined {
  let vector = asArray(embedding) ?? embeddings;
  for (let depth = 0; depth < 4; depth += 1) {
    if (Array.isArray(vector) && typeof vector[0] === 'number') return vector.length;
    vector = Array.isArray(vector) ? vector[0] : Object.values(asDict(vector) ?? {})[0];
  }
  return undefined;
}
