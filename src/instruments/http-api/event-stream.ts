/** More than any message of AWS has; what claims to be longer is none. */
const LONGEST = 16 * 1024 * 1024 + 1024;

/**
 * Messages of `application/vnd.amazon.eventstream`: lengths, headers, payload, checksums. The event's type is among the
 * headers, its JSON is the payload.
 */
export class EventStreamReader {
  readonly #onEvent: (event: Record<string, unknown>) => void;
  #rest: Buffer[] = [];
  #length = 0;
  #isBroken = false;

  constructor(onEvent: (event: Record<string, unknown>) => void) {
    this.#onEvent = onEvent;
  }

  write(chunk: Uint8Array): void {
    if (this.#isBroken) return;
    this.#rest.push(Buffer.from(chunk));
    this.#length += chunk.byteLength;
    while (this.#length >= 12) {
      const bytes = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest);
      this.#rest = [bytes];
      const length = bytes.readUInt32BE(0);
      if (length < 16 || length > LONGEST) {
        this.#isBroken = true;
        this.#rest = [];
        return;
      }
      if (this.#length < length) return;
      try {
        this.#message(bytes.subarray(0, length));
      } catch {
        // A message that is not what it says: the client of the app knows better.
      }
      this.#rest = [bytes.subarray(length)];
      this.#length -= length;
    }
  }

  #message(message: Buffer): void {
    const headersEnd = 12 + message.readUInt32BE(4);
    const headers = headersOf(message.subarray(12, headersEnd));
    const payload = message.subarray(headersEnd, message.length - 4).toString('utf8');
    const type = headers[':event-type'] ?? headers[':exception-type'];
    if (!type) return;
    const value = JSON.parse(payload) as unknown;
    // InvokeModel wraps what the model itself streams.
    const { bytes } = (value ?? {}) as { bytes?: unknown };
    if (type === 'chunk' && typeof bytes === 'string') {
      this.#onEvent(JSON.parse(Buffer.from(bytes, 'base64').toString('utf8')) as Record<string, unknown>);
      return;
    }
    const isError = headers[':message-type'] === 'exception' || headers[':message-type'] === 'error';
    this.#onEvent(isError ? { error: { type, ...(value as object) } } : { [type]: value });
  }
}

const BYTES_OF_TYPE: Record<number, number> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

/** The headers that are strings, which those of interest are. */
function headersOf(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  let at = 0;
  while (at < bytes.length) {
    const nameLength = bytes.readUInt8(at);
    const name = bytes.toString('utf8', at + 1, at + 1 + nameLength);
    const type = bytes.readUInt8(at + 1 + nameLength);
    at += 2 + nameLength;
    const fixed = BYTES_OF_TYPE[type];
    if (fixed !== undefined) {
      at += fixed;
      continue;
    }
    const length = bytes.readUInt16BE(at);
    if (type === 7) headers[name] = bytes.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
  }
  return headers;
}
