import { asArray, asBoolean, asDict, asNumber, asString, type Dict } from '../genai/read';
import type { ModelRequest, ModelResponse, Operation, StreamAccumulator } from '../genai/types';
import type { ModelOperation } from '../kit/method';
import { contentParts, messageOf, plainText, toolCalls, toolDefinition } from './messages';
import { fieldsOf } from './own-methods';
import { RawStream, rawResponse } from './raw-answer';
import { vendorOf } from './vendor';

/** What models and embedders are asked and answer, in LlamaIndex's own words, whatever the vendor. */

export const INSTRUMENT = 'llama_index';

/** A model's or embedder's method of any class: calls of it inside another one of them are that one's own work. */
const framework = {
  instrument: INSTRUMENT,
  isFramework: true,
  isPartOfOuter: true,
} as const;

export const chat: ModelOperation = {
  ...framework,
  name: `${INSTRUMENT}.chat`,
  request([given], self) {
    const params = asDict(given) ?? {};
    return {
      ...settingsOf('chat', self),
      stream: asBoolean(params.stream) || undefined,
      outputType: params.responseFormat ? 'json' : undefined,
      messages: (asArray(params.messages) ?? []).map(messageOf),
      tools: (asArray(params.tools) ?? []).map(toolDefinition),
    };
  },
  response: chatResponse,
  accumulator: () => new ChatStream(),
};

/** Of classes that complete in a way of their own; that of most is a chat. */
export const complete: ModelOperation = {
  ...framework,
  name: `${INSTRUMENT}.completion`,
  request([given], self) {
    const params = asDict(given) ?? {};
    const parts = contentParts(params.prompt);
    return {
      ...settingsOf('text_completion', self),
      stream: asBoolean(params.stream) || undefined,
      messages: parts.length > 0 ? [{ role: 'user', parts }] : [],
    };
  },
  response(answer) {
    const { text, raw } = asDict(answer) ?? {};
    return { ...rawResponse(raw), messages: assistant(asString(text)) };
  },
  accumulator: () => new ChatStream(),
};

/** `texts` is one or many, or a detail of a message. */
export const embed: ModelOperation = {
  ...framework,
  name: `${INSTRUMENT}.embeddings`,
  request([given], self) {
    const { dimensions } = fieldsOf(self);
    const texts = Array.isArray(given) ? given : given === undefined ? [] : [given];
    return {
      ...settingsOf('embeddings', self),
      dimensions: asNumber(dimensions),
      messages: texts.map((text) => ({
        role: 'user',
        parts: contentParts(plainText(text) ?? text),
      })),
    };
  },
  response(answer) {
    const [first] = asArray(answer) ?? [];
    const vector = Array.isArray(first) ? first : answer;
    return { dimensions: asArray(vector)?.length || undefined };
  },
};

function settingsOf(operation: Operation, model: unknown): ModelRequest {
  const { provider, server } = vendorOf(model);
  const { model: name } = fieldsOf(model);
  const settings = operation === 'embeddings' ? {} : metadataOf(model);
  return {
    operation,
    provider,
    serverAddress: server?.address,
    serverPort: server?.port,
    model: asString(settings.model) ?? asString(name),
    temperature: asNumber(settings.temperature),
    topP: asNumber(settings.topP),
    maxTokens: asNumber(settings.maxTokens),
  };
}

/** Some models have it for what they know only. */
function metadataOf(model: unknown): Dict {
  try {
    return asDict(fieldsOf(model).metadata) ?? {};
  } catch {
    return {};
  }
}

function chatResponse(answer: unknown): ModelResponse {
  const { message, raw } = asDict(answer) ?? {};
  const known = rawResponse(raw);
  const [finish] = known.finishReasons ?? [];
  return {
    ...known,
    messages: message ? [{ ...messageOf(message), ...(finish && { finish_reason: finish }) }] : [],
  };
}

class ChatStream implements StreamAccumulator<unknown> {
  #text = '';
  /** A call comes again with each part of its arguments. */
  readonly #calls = new Map<unknown, Dict>();
  readonly #raw = new RawStream();

  add(chunk: unknown): void {
    const { delta, text, options, raw } = asDict(chunk) ?? {};
    this.#text += asString(delta) ?? asString(text) ?? '';
    const given = asDict(options)?.toolCall;
    for (const call of Array.isArray(given) ? given : [given]) {
      const known = asDict(call);
      if (known) this.#calls.set(known.id, known);
    }
    this.#raw.add(raw);
  }

  response(): ModelResponse {
    const known = this.#raw.response();
    return {
      ...known,
      messages: assistant(this.#text, [...this.#calls.values()], known.finishReasons?.[0]),
    };
  }
}

function assistant(text: string | undefined, calls: Dict[] = [], finish?: string): ModelResponse['messages'] {
  const parts = [...contentParts(text ?? ''), ...toolCalls({ toolCall: calls })];
  if (parts.length === 0 && !finish) return [];
  return [{ role: 'assistant', parts, ...(finish && { finish_reason: finish }) }];
}
