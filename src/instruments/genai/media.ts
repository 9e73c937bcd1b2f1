import { asNumber, asString } from './read';
import type { Part } from './types';

/** `data:image/png;base64,…`, the head of which tells all that is kept. */
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.+-]+)*?(;base64)?,/;

export interface Blob {
  type: 'blob';
  modality: string;
  mime_type?: string;
  bytes?: number;
}

/** What stands for a data URL in a span, or undefined where `text` is none. */
export function dataUrlPlaceholder(text: string): Blob | undefined {
  if (!text.startsWith('data:')) return undefined;
  const match = DATA_URL.exec(text.slice(0, 200));
  if (!match) return undefined;
  const [head, mime, base64] = match;
  const length = text.length - head.length;
  return blob(mime, base64 ? base64Bytes(text.slice(head.length)) : length);
}

/** A placeholder for binary content of a known size: its type and length, never its bytes. */
export function blob(
  mimeType: string | undefined,
  bytes: number | undefined,
  modality = modalityOf(mimeType),
): Blob {
  return {
    type: 'blob',
    modality,
    ...(mimeType && { mime_type: mimeType }),
    ...(bytes !== undefined && { bytes }),
  };
}

export function base64Bytes(data: string): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((data.length * 3) / 4) - padding);
}

/** Longer than the path of any file that an app may name in place of a URL. */
const MAX_BARE_NAME = 1024;

/** A part for media given by URL, which may be a data URL. */
export function mediaPart(url: unknown, modality: string): Part {
  if (typeof url !== 'string') return { type: 'blob', modality };
  const placeholder = dataUrlPlaceholder(url);
  if (placeholder) return placeholder;
  // The bytes themselves, where the API or the app takes them without the head of a data URL.
  if (url.length > MAX_BARE_NAME && !/^[a-z][\w+.-]*:/i.test(url))
    return blob(undefined, base64Bytes(url), modality);
  return { type: 'uri', modality, uri: url };
}

export function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
}

/** A File, Blob, Response, Buffer or stream the app uploads, or its URL: type and size where it tells them. */
export function uploadedFile(file: unknown, modality?: string): Part {
  if (typeof file === 'string') return mediaPart(file, modality ?? 'document');
  if (ArrayBuffer.isView(file)) return blob(undefined, file.byteLength, modality);
  const { type, size, name } = (file ?? {}) as { type?: unknown; size?: unknown; name?: unknown };
  const part = blob(asString(type) || undefined, asNumber(size), type ? undefined : modality);
  return asString(name) ? { ...part, filename: name } : part;
}
