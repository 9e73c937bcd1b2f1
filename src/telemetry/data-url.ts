/** `data:image/png;base64,…`, the head of which tells all that is kept. */
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.+-]+)*?(;base64)?,/;

/** What stands for binary content in a span: what it was, never the bytes. */
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

export function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
}
