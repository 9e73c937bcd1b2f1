import { base64Bytes, blob, dataUrlPlaceholder } from '../../genai/media';
import { asArray, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { Part, WireOperation } from '../../genai/types';
import { baseRequest } from './base';

/** Titan, Cohere and Nova embeddings. Vectors are not kept, only their length. */
export const embeddings: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => {
    const single = asDict(body.singleEmbeddingParams) ?? asDict(body.segmentedEmbeddingParams);
    return {
      ...baseRequest('embeddings', asString(body.modelId), sender),
      dimensions:
        asNumber(body.dimensions) ??
        asNumber(body.output_dimension) ??
        asNumber(asDict(body.embeddingConfig)?.outputEmbeddingLength) ??
        asNumber(single?.embeddingDimension),
      encodingFormats: asStrings(body.embeddingTypes) ?? asStrings(body.embedding_types),
      messages: inputParts(body, single).map((part) => ({ role: 'user', parts: [part] })),
    };
  },
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const input = asNumber(body.inputTextTokenCount) ?? asNumber(body.inputTokenCount);
    return {
      id: asString(body.id),
      dimensions: dimensionsOf(body),
      ...(input !== undefined && { usage: { input } }),
    };
  },
};

function inputParts(body: Dict, single: Dict | undefined): Part[] {
  const texts =
    asStrings(body.inputText) ?? asStrings(body.texts) ?? asStrings(asDict(single?.text)?.value) ?? [];
  const images = asStrings(body.inputImage) ?? asStrings(body.images) ?? [];
  const mixed = asDicts(body.inputs).flatMap(({ content }) => asDicts(content));
  return [
    ...texts.map((content) => ({ type: 'text', content })),
    ...images.map(imagePart),
    ...mixed.map((part) =>
      typeof part.text === 'string'
        ? { type: 'text', content: part.text }
        : imagePart(asString(asDict(part.image_url)?.url) ?? asString(part.image_url) ?? ''),
    ),
    ...['image', 'audio', 'video']
      .filter((kind) => asDict(single?.[kind]))
      .map((modality): Part => ({ type: 'blob', modality })),
  ];
}

/** An image as a data URL or as bare base64. */
const imagePart = (data: string): Part =>
  dataUrlPlaceholder(data) ?? blob(undefined, base64Bytes(data), 'image');

/** Kinds of vectors that have one number for each dimension. */
const WHOLE_NUMBERS = ['float', 'int8', 'uint8'];

function dimensionsOf(body: Dict): number | undefined {
  if (Array.isArray(body.embedding)) return body.embedding.length;
  const byType = asDict(body.embeddings) ?? asDict(body.embeddingsByType);
  const list = byType
    ? WHOLE_NUMBERS.map((type) => byType[type]).find(asArray)
    : (body.embeddings ?? body.data);
  const [vector] = asArray(list) ?? [];
  if (typeof vector === 'number') return asArray(list)?.length;
  return (asArray(vector) ?? asArray(asDict(vector)?.embedding))?.length;
}
