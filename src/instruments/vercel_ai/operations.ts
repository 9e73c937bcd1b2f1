import { asArray, asDict, asDicts, asString, type Dict } from '../genai/read';
import { fileData, partsOf, toolCallPart } from '../shapes/ai_sdk/content';

/** What the app asks of one of the SDK's functions, and what it gets, as the span of the call shows it. */
export interface Operation {
  input(options: Dict): unknown;
  /** Of what a promise gives; streams are followed as they are read. */
  output(result: Dict): unknown;
}

/** What is there of `given`, under the same names. */
function some(given: Dict, names: string[]): Dict {
  return Object.fromEntries(
    names
      .filter((name) => given[name] !== undefined && given[name] !== null)
      .map((name) => [name, given[name]]),
  );
}

/** The prompt in whatever form it was given. */
export function promptInput(options: Dict): Dict {
  const { messages, prompt } = options;
  return {
    ...some(options, ['system', 'instructions']),
    ...(prompt !== undefined && { prompt: Array.isArray(prompt) ? readableMessages(prompt) : prompt }),
    ...(messages !== undefined && { messages: readableMessages(messages) }),
  };
}

/** Messages of the SDK's own kind, with what is binary replaced by what it is. */
function readableMessages(messages: unknown): unknown {
  return asDicts(messages).map(({ role, content, parts }) => ({
    role,
    content: typeof content === 'string' ? content : partsOf(content ?? parts),
  }));
}

/** Of the last step: in 7 those of all steps are beside it. */
export function textOutput(result: Dict): Dict {
  const last = asDict(asArray(result.steps)?.at(-1)) ?? result;
  const calls = asDicts(last.toolCalls).map(toolCallPart);
  const finish = asString(result.finishReason);
  return {
    ...some(result, ['text']),
    ...(calls.length > 0 && { toolCalls: calls }),
    ...(finish && { finishReason: finish }),
  };
}

const objectOutput = (result: Dict): Dict => some(result, ['object', 'finishReason']);

const text: Operation = { input: promptInput, output: textOutput };
const object: Operation = {
  input: (options) => ({ ...promptInput(options), ...some(options, ['enum', 'schemaName']) }),
  output: objectOutput,
};

const mediaOf = (file: unknown): Dict => {
  const given = asDict(file) ?? {};
  const { mediaType, mimeType } = given;
  const data = fileData(given);
  return {
    type: 'blob',
    ...some({ mime_type: mediaType ?? mimeType }, ['mime_type']),
    bytes: ArrayBuffer.isView(data)
      ? data.byteLength
      : typeof data === 'string'
        ? Buffer.byteLength(data, 'base64')
        : undefined,
  };
};

const image: Operation = {
  input: (options) => {
    const { prompt } = options;
    const { text: words, images } = asDict(prompt) ?? {};
    return {
      ...(typeof prompt === 'string' ? { prompt } : { prompt: words, images: asArray(images)?.length }),
      ...some(options, ['n', 'size', 'aspectRatio', 'seed']),
    };
  },
  output: ({ images, videos }) => (asArray(images) ?? asArray(videos) ?? []).map(mediaOf),
};

/** Vectors are on no span: how many, and of what length. */
const vectors = (embeddings: unknown[]): Dict => ({
  embeddings: embeddings.length,
  dimensions: asArray(embeddings[0])?.length,
});

/** The functions that answer with a promise. */
export const promised: Record<string, Operation> = {
  generateText: text,
  generateObject: object,
  embed: { input: ({ value }) => value, output: ({ embedding }) => vectors([embedding]) },
  embedMany: {
    input: ({ values }) => values,
    output: ({ embeddings }) => vectors(asArray(embeddings) ?? []),
  },
  rerank: {
    input: (options) => some(options, ['query', 'documents', 'topN']),
    output: ({ ranking }) => ranking,
  },
  generateImage: image,
  experimental_generateVideo: image,
  generateSpeech: {
    input: (options) => some(options, ['text', 'voice', 'instructions', 'speed', 'language']),
    output: ({ audio }) => mediaOf(audio),
  },
  transcribe: {
    input: ({ audio }) => (audio instanceof URL ? audio.href : mediaOf({ data: audio })),
    output: (result) => some(result, ['text', 'language', 'durationInSeconds']),
  },
  // Not `decide`: its older name is a constant that holds the same function.
  extract: {
    input: (options) => some(options, ['state', 'fields']),
    output: (result) => some(result, ['output', 'fields', 'value']),
  },
};

/** The functions that answer with an object around a stream. */
export const streamed: Record<string, Operation> = { streamText: text, streamObject: object };

/** What a stream of the SDK's has told so far. */
export interface StreamProgress {
  add(chunk: unknown): void;
  /** The error that it ended with, if one did, and whether that is what the app wanted. */
  failure(): { error: unknown; isAbort?: boolean } | undefined;
  /** All has come that there will be. */
  isWhole(): boolean;
  output(): unknown;
}

/** Of `streamText`: its parts, which 4 to 7 wrap into an object each. */
export function textProgress(): StreamProgress {
  let text = '';
  let toolCalls: Dict[] = [];
  let finishReason: unknown;
  let failed: { error: unknown; isAbort?: boolean } | undefined;
  return {
    add(chunk) {
      const part = asDict(asDict(chunk)?.part) ?? asDict(chunk) ?? {};
      switch (part.type) {
        // The last step is what the call was for.
        case 'start-step':
        case 'step-start':
          text = '';
          toolCalls = [];
          break;
        case 'text-delta':
          text += asString(part.text) ?? asString(part.textDelta) ?? asString(part.delta) ?? '';
          break;
        case 'tool-call':
          toolCalls.push(part);
          break;
        case 'finish':
          finishReason = part.finishReason;
          break;
        case 'error':
          failed = { error: part.error };
          break;
        case 'abort':
          failed = { error: abortError(part.reason), isAbort: true };
          break;
      }
    },
    failure: () => failed,
    isWhole: () => finishReason !== undefined,
    output: () => textOutput({ text, toolCalls, finishReason }),
  };
}

/** What an app gets for the reason it gave, or for none. */
function abortError(reason: unknown): unknown {
  if (typeof reason === 'object' && reason !== null) return reason;
  // 7 has its text.
  const message = asString(reason)?.replace(/^\w*Error: /, '') ?? 'This operation was aborted';
  return { name: 'AbortError', message };
}

export function objectProgress(): StreamProgress {
  let object: unknown;
  let finishReason: unknown;
  let failed: { error: unknown } | undefined;
  return {
    add(chunk) {
      const part = asDict(chunk) ?? {};
      if (part.type === 'object') object = part.object;
      else if (part.type === 'finish') finishReason = part.finishReason;
      else if (part.type === 'error') failed = { error: part.error };
    },
    failure: () => failed,
    isWhole: () => finishReason !== undefined,
    output: () => objectOutput({ object, finishReason }),
  };
}
