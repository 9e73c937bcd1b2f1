import { ATTR } from '../../genai/attributes';
import { blob, uploadedFile } from '../../genai/media';
import { asArray, asDict, asNumber, asString, type Dict } from '../../genai/read';
import type { ModelRequest, ModelResponse, Part } from '../../genai/types';

const asUser = (parts: Part[]): ModelRequest['messages'] =>
  parts.length > 0 ? [{ role: 'user', parts }] : undefined;
const asAnswer = (parts: Part[]): ModelResponse['messages'] =>
  parts.length > 0 ? [{ role: 'assistant', parts }] : undefined;
const text = (content: unknown): Part[] =>
  typeof content === 'string' && content !== '' ? [{ type: 'text', content }] : [];

const modelOfResponse = ({ response }: Dict): Pick<ModelResponse, 'model' | 'id'> => ({
  model: asString(asDict(response)?.modelId),
  id: asString(asDict(response)?.id),
});

/** An operation of a model that is no language model: `do…` of its object. */
export interface OtherOperation {
  suffix: string;
  request(options: Dict): Partial<ModelRequest>;
  response(answer: Dict): ModelResponse;
}

export const embeddings: OtherOperation = {
  suffix: 'embeddings',
  request: ({ values, dimensions, providerOptions }) => ({
    operation: 'embeddings',
    dimensions: asNumber(dimensions) ?? dimensionsOf(providerOptions),
    messages: asUser((asArray(values) ?? []).flatMap(valuePart)),
  }),
  response: (answer) => ({
    ...modelOfResponse(answer),
    dimensions: asArray(asArray(answer.embeddings)?.[0])?.length,
    usage: { input: asNumber(asDict(answer.usage)?.tokens) },
  }),
};

const valuePart = (value: unknown): Part[] =>
  typeof value === 'string' ? [{ type: 'text', content: value }] : [{ type: 'unknown' }];

const dimensionsOf = (providerOptions: unknown): number | undefined =>
  Object.values(asDict(providerOptions) ?? {})
    .map(
      (options) => asNumber(asDict(options)?.dimensions) ?? asNumber(asDict(options)?.outputDimensionality),
    )
    .find((dimensions) => dimensions !== undefined);

export const rerank: OtherOperation = {
  suffix: 'rerank',
  request: ({ query, documents, topN }) => {
    const values = asArray(asDict(documents)?.values) ?? [];
    return {
      operation: 'rerank',
      messages: asUser([
        ...text(query),
        ...values.map(
          (document): Part =>
            typeof document === 'string'
              ? { type: 'text', content: document }
              : { type: 'document', document },
        ),
      ]),
      extra: { [ATTR.documentCount]: values.length, [ATTR.retrievalTopK]: asNumber(topN) },
    };
  },
  response: (answer) => {
    const ranking = asArray(answer.ranking) ?? [];
    return {
      ...modelOfResponse(answer),
      messages: asAnswer(ranking.length > 0 ? [{ type: 'ranking', ranking }] : []),
    };
  },
};

export const image: OtherOperation = {
  suffix: 'image_generation',
  request: ({ prompt, n, seed, files }) => ({
    operation: 'image_generation',
    choiceCount: asNumber(n),
    seed: asNumber(seed),
    outputType: 'image',
    messages: asUser([...text(prompt), ...(asArray(files) ?? []).map(givenFile)]),
  }),
  response: (answer) => {
    const { inputTokens, outputTokens } = asDict(answer.usage) ?? {};
    return {
      ...modelOfResponse(answer),
      usage: { input: asNumber(inputTokens), output: asNumber(outputTokens) },
      messages: asAnswer(madeFiles(answer.images, 'image')),
    };
  },
};

export const video: OtherOperation = {
  suffix: 'video_generation',
  request: ({ prompt, n, seed }) => ({
    operation: 'video_generation',
    choiceCount: asNumber(n),
    seed: asNumber(seed),
    outputType: 'video',
    messages: asUser(text(prompt)),
  }),
  response: (answer) => ({
    ...modelOfResponse(answer),
    messages: asAnswer(madeFiles(answer.videos, 'video')),
  }),
};

function givenFile(file: unknown): Part {
  const { url, data, mediaType } = asDict(file) ?? {};
  return url !== undefined ? uploadedFile(url, 'image') : madeFile(data, 'image', asString(mediaType));
}

const madeFiles = (files: unknown, modality: string): Part[] =>
  (asArray(files) ?? []).map((file) => {
    const { type, url, data, mediaType } = asDict(file) ?? {};
    if (type === 'url' && typeof url === 'string') return { type: 'uri', modality, uri: url };
    return madeFile(data ?? file, modality, asString(mediaType));
  });

function madeFile(data: unknown, modality: string, mimeType?: string): Part {
  if (typeof data === 'string') return blob(mimeType, Buffer.byteLength(data, 'base64'), modality);
  return blob(mimeType, ArrayBuffer.isView(data) ? data.byteLength : undefined, modality);
}

export const speech: OtherOperation = {
  suffix: 'speech',
  request: ({ text: spoken, instructions }) => ({
    operation: 'speech',
    outputType: 'speech',
    system: text(instructions),
    messages: asUser(text(spoken)),
  }),
  response: (answer) => ({
    ...modelOfResponse(answer),
    messages: asAnswer(answer.audio === undefined ? [] : [madeFile(answer.audio, 'audio')]),
  }),
};

export const transcription: OtherOperation = {
  suffix: 'transcription',
  request: ({ audio, mediaType }) => ({
    operation: 'transcription',
    messages: asUser([madeFile(audio, 'audio', asString(mediaType))]),
  }),
  response: (answer) => ({ ...modelOfResponse(answer), messages: asAnswer(text(answer.text)) }),
};

/** Which operation `doGenerate` of a model is, by what it is asked for: all kinds of models call it that. */
export function generationOf(options: Dict): OtherOperation | undefined {
  if (Array.isArray(options.prompt)) return undefined;
  if ('audio' in options) return transcription;
  if ('text' in options) return speech;
  return 'fps' in options || 'duration' in options || 'resolution' in options ? video : image;
}
