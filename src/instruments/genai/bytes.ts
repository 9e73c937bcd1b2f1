import { blob } from './media';
import type { Part } from './types';

/** Text that comes as bytes in several pieces, which may end within a character; base64 where it came as JSON. */
export interface TextDecoding {
  add(bytes: unknown): void;
  text(): string;
}

export function decoder(): TextDecoding {
  const utf8 = new TextDecoder();
  let text = '';
  return {
    add(bytes) {
      const piece = typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes;
      if (ArrayBuffer.isView(piece)) text += utf8.decode(piece as Uint8Array, { stream: true });
    },
    text: () => text,
  };
}

/** Beyond this a body is not looked into: it would cost more than it tells. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A body as text: a string, bytes of any kind, or undefined for what cannot be read without consuming it. */
export function textOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body.length > MAX_BYTES ? undefined : body;
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body) : body;
  if (!ArrayBuffer.isView(bytes) || bytes.byteLength > MAX_BYTES) return undefined;
  return new TextDecoder().decode(bytes as Uint8Array);
}

/** A JSON body, parsed; undefined where it is none. */
export function jsonOf(body: unknown): unknown {
  const text = textOf(body);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What stands for a body that is no JSON: its type and size. */
export function payloadPart(body: unknown, contentType: unknown): Part {
  const size =
    typeof body === 'string'
      ? Buffer.byteLength(body)
      : (body as { byteLength?: unknown } | null)?.byteLength;
  return blob(
    typeof contentType === 'string' ? contentType : undefined,
    typeof size === 'number' ? size : undefined,
  );
}
