import { asDict, type Dict } from '../genai/read';
import { BoundedJson } from './bounded-json';

/** Larger bodies are shortened; until then the client's own chunks are held for the moment of sending. */
const WHOLE = 8 * 1024 * 1024;

/** The body of a request as it is sent. Holds on to the client's chunks until it is read. */
export class RequestBody {
  #chunks: Uint8Array[] = [];
  #length = 0;

  add(chunk: unknown, encoding?: unknown): void {
    const bytes = bytesOf(chunk, encoding);
    if (!bytes) return;
    this.#length += bytes.byteLength;
    // What is beyond is dropped: JSON cut in two tells nothing, and no request of that size is a model call's text.
    if (this.#length <= 4 * WHOLE) this.#chunks.push(bytes);
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Undefined where it is no JSON object. */
  read(): Dict | undefined {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    const start = bytes.subarray(0, 64).toString('latin1').trimStart();
    if (!start.startsWith('{')) return undefined;
    if (bytes.length <= WHOLE) return asDict(parsed(bytes.toString('utf8')));
    const json = new BoundedJson();
    json.write(bytes.toString('utf8'));
    return asDict(json.value());
  }
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array | undefined {
  if (typeof chunk === 'string') {
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }
  return chunk instanceof Uint8Array ? chunk : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
