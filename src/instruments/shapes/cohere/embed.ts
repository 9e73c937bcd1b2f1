import { base64Bytes, mediaPart } from '../../genai/media';
import { asArray, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { Message, WireOperation } from '../../genai/types';
import { contentParts } from './content';
import { field } from './field';
import { baseRequest, textMessage } from './request';
import { usageOf } from './usage';

/** `/v1/embed` and `/v2/embed`. */
export const embed: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => ({
    ...baseRequest('embeddings', body, sender),
    dimensions: asNumber(field(body, 'output_dimension')),
    encodingFormats: asStrings(field(body, 'embedding_types')),
    messages: inputMessages(body),
    extra: { 'cohere.request.input_type': asString(field(body, 'input_type')) },
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    return { id: asString(body.id), dimensions: dimensionsOf(body.embeddings), ...usageOf(body.meta) };
  },
};

function inputMessages(body: Dict): Message[] {
  return [
    ...(asStrings(body.texts) ?? []).flatMap((text) => textMessage('user', text)),
    ...(asStrings(body.images) ?? []).map((image) => ({ role: 'user', parts: [mediaPart(image, 'image')] })),
    ...asDicts(body.inputs).map(({ content }) => ({ role: 'user', parts: contentParts(content) })),
  ];
}

/** Packed bits, eight to a number. */
const BITS = new Set(['binary', 'ubinary']);

/** Vectors come as a list, or as lists by type; only their length is kept. */
function dimensionsOf(embeddings: unknown): number | undefined {
  const vectors = asArray(embeddings);
  if (vectors) return lengthOf(vectors[0]);
  for (const [type, ofType] of Object.entries(asDict(embeddings) ?? {})) {
    const length = lengthOf(asArray(ofType)?.[0]);
    if (length !== undefined) return BITS.has(type) ? length * 8 : length;
  }
  return undefined;
}

/** Base64 is of 4-byte floats. */
function lengthOf(vector: unknown): number | undefined {
  return typeof vector === 'string' ? base64Bytes(vector) / 4 : asArray(vector)?.length;
}
