import { base64Bytes, blob, dataUrlPlaceholder } from '../../telemetry/data-url';
import { asNumber, asString } from './read';
import type { Part } from './types';

export { base64Bytes, blob, dataUrlPlaceholder, modalityOf } from '../../telemetry/data-url';

/** Longer than the path of any file that an app may name in place of a URL. */
const MAX_BARE_NAME = 1024;

/** A part for media given by URL, which may be a data URL. */
export function mediaPart(url: unknown, modality: string): Part {
  if (typeof url !== 'string') return { type: 'blob', modality };
  const placeholder = dataUrlPlaceholder(url);
  if (placeholder) return placeholder;
  // The bytes themselves, where the API or the app takes them without the head of a data URL.
  if (url.length > MAX_BARE_NAME && !/^[a-z][\w+.-]*:/i.test(url)) {
    return blob(undefined, base64Bytes(url), modality);
  }
  return { type: 'uri', modality, uri: url };
}

/** A File, Blob, Response, Buffer or stream the app uploads, or its URL: type and size where it tells them. */
export function uploadedFile(file: unknown, modality?: string): Part {
  if (typeof file === 'string') return mediaPart(file, modality ?? 'document');
  if (ArrayBuffer.isView(file)) return blob(undefined, file.byteLength, modality);
  const { type, size, name } = (file ?? {}) as { type?: unknown; size?: unknown; name?: unknown };
  const part = blob(asString(type) || undefined, asNumber(size), type ? undefined : modality);
  return asString(name) ? { ...part, filename: name } : part;
}
