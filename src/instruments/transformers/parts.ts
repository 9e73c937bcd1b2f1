import { base64Bytes, blob, mediaPart, modalityOf } from '../genai/media';
import { asArray, asDict, asNumber, asString, type Dict } from '../genai/read';
import type { Message, Part } from '../genai/types';

/**
 * What goes into a task and what comes out of it, as parts. `modality` says what strings are: for tasks about images
 * they are where the image is.
 */
export function inputParts(value: unknown, modality = 'text', depth = 0): Part[] {
  if (depth > MAX_DEPTH) return [];
  if (typeof value === 'string') {
    return modality === 'text' ? [{ type: 'text', content: value }] : [mediaPart(value, modality)];
  }
  if (value instanceof URL) return [mediaPart(value.href, modality)];
  const media = mediaOf(value, modality);
  if (media) return [media];
  const list = asArray(value);
  // Samples and vectors are no words, and there are many of them.
  if (list)
    return typeof list[0] === 'number' ? [] : list.flatMap((item) => inputParts(item, modality, depth + 1));
  return Object.entries(asDict(value) ?? {}).flatMap(([name, field]) =>
    namedParts(name, field, modality, depth + 1),
  );
}

const MAX_DEPTH = 8;

/** Fields of a question, a table, …: `{ question, context, image }`. */
function namedParts(name: string, field: unknown, modality: string, depth: number): Part[] {
  if (typeof field === 'string' && name !== 'image' && name !== 'audio') {
    return [{ type: 'text', content: field, name }];
  }
  const parts = inputParts(field, name === 'image' || name === 'audio' ? name : modality, depth);
  return parts.map((part) => ({ ...part, name }));
}

/** Media given as bytes, in any of the ways of the browser, of Node and of these libraries. */
function mediaOf(value: unknown, modality: string): Part | undefined {
  const kind = modality === 'text' ? undefined : modality;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return blob(undefined, value.byteLength, kind);
  }
  const dict = asDict(value);
  if (!dict) return undefined;
  // The data of a tensor may not even be in this memory.
  if (asArray(dict.dims)) return { type: 'tensor', dims: dict.dims };
  if (value instanceof Blob) return blob(value.type || undefined, value.size, kindOf(value.type, kind));
  // RawImage and RawAudio of transformers.
  if (ArrayBuffer.isView(dict.data) && asNumber(dict.width) !== undefined) {
    return blob(undefined, dict.data.byteLength, 'image');
  }
  const sound = audioData(dict);
  return sound === undefined ? undefined : blob(undefined, sound, 'audio');
}

function kindOf(mimeType: string, kind: string | undefined): string {
  return mimeType ? modalityOf(mimeType) : (kind ?? 'document');
}

function audioData({ sampling_rate, audio }: Dict): number | undefined {
  if (sampling_rate === undefined) return undefined;
  const chunks = asArray(audio) ?? [audio];
  const sizes = chunks.map((chunk) => (ArrayBuffer.isView(chunk) ? chunk.byteLength : 0));
  return sizes.reduce((sum, size) => sum + size, 0) || undefined;
}

/** Names of the text in the answers of the different tasks. */
const TEXT = ['generated_text', 'summary_text', 'translation_text', 'text', 'answer'];

/** The answer of a task, one message for each thing it says. */
export function outputMessages(answer: unknown, modality?: string): Message[] {
  const list = asArray(answer);
  // A list of lists: one for each input of a batch.
  if (list?.some((item) => hasText(item) || Array.isArray(item))) {
    return list.flatMap((item) => outputMessages(item, modality));
  }
  const parts = (list ?? [answer]).flatMap((item) => outputParts(item, modality));
  return parts.length > 0 ? [{ role: 'assistant', parts }] : [];
}

function hasText(item: unknown): boolean {
  const dict = asDict(item);
  return dict !== undefined && TEXT.some((name) => dict[name] !== undefined);
}

function outputParts(item: unknown, modality?: string): Part[] {
  if (typeof item === 'string') {
    return /^(data|https?):/.test(item) && modality ? [mediaPart(item, modality)] : [textPart(item)];
  }
  const media = mediaOf(item, modality ?? 'text');
  if (media) return [media];
  const dict = asDict(item);
  if (!dict) return [];
  const name = TEXT.find((text) => typeof dict[text] === 'string');
  if (name === undefined) {
    const fields = Object.values(dict).filter((value) => value !== undefined);
    return fields.length > 0 ? [{ type: 'result', ...withoutBytes(dict) }] : [];
  }
  const { [name]: content, details: _, ...rest } = dict;
  return [{ ...textPart(content as string), ...withoutBytes(rest) }];
}

const textPart = (content: string): Part => ({ type: 'text', content });

/** Masks, sounds and the like in a result: what they are, not their bytes. */
function withoutBytes(dict: Dict): Dict {
  return Object.fromEntries(
    Object.entries(dict).map(([name, value]) => {
      const media = mediaOf(value, 'text');
      if (media) return [name, media];
      const data = name === 'mask' || name === 'blob' || name === 'b64_json' ? asString(value) : undefined;
      return [name, data === undefined ? value : blob(asString(dict['content-type']), base64Bytes(data))];
    }),
  );
}

/** The length of the innermost vectors of an embedding, whatever they are wrapped in. */
export function dimensionsOf(answer: unknown): number | undefined {
  const dims = asArray(asDict(answer)?.dims);
  if (dims) return asNumber(dims.at(-1));
  let vector = answer;
  while (Array.isArray(vector) && typeof vector[0] === 'object') vector = vector[0] as unknown;
  if (ArrayBuffer.isView(vector)) return (vector as Float32Array).length;
  return Array.isArray(vector) && typeof vector[0] === 'number' ? vector.length : undefined;
}
