import type { Transform } from 'stream';
import { builtin } from '../../config/builtin';

type Zlib = typeof import('zlib');

/** Compressed answers up to this size are decoded at once when they are complete; larger ones as they come. */
const AT_ONCE = 256 * 1024;
/** What is decoded at once blocks the event loop; and nobody answers with more than this in so few bytes. */
const LARGEST = 16 * 1024 * 1024;

export interface Decoder {
  write(chunk: Uint8Array): void;
  /** Calls back when everything written has been decoded, which it may do before it returns. */
  end(done: () => void): void;
}

/**
 * Undoes `content-encoding`, as what is seen of an answer are the bytes of the wire. Undefined where there is nothing
 * to undo, null where nobody here knows how.
 */
export function decoderFor(
  encoding: string | undefined,
  onBytes: (bytes: Uint8Array) => void,
): Decoder | null | undefined {
  const names = (encoding ?? '').split(',').map((name) => name.trim().toLowerCase());
  const [name = '', ...others] = names.filter((name) => name !== '' && name !== 'identity');
  if (name === '') return undefined;
  if (others.length > 0) return null;
  const zlib = builtin<Zlib>('zlib');
  const method = methodOf(zlib, name);
  return method ? new ZlibDecoder(method, onBytes) : null;
}

interface Method {
  /** Truncated input is decoded as far as it goes. */
  atOnce(bytes: Buffer): Buffer;
  stream(): Transform;
}

function methodOf(zlib: Zlib, name: string): Method | undefined {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  const gzip = { finishFlush: Z_SYNC_FLUSH };
  const brotli = { finishFlush: BROTLI_OPERATION_FLUSH };
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return {
        atOnce: (bytes) => zlib.gunzipSync(bytes, { ...gzip, maxOutputLength: LARGEST }),
        stream: () => zlib.createGunzip(gzip),
      };
    case 'deflate':
      // Some send it with its header, some without.
      return {
        atOnce: (bytes) =>
          (bytes[0]! & 0x0f) === 8
            ? zlib.inflateSync(bytes, { ...gzip, maxOutputLength: LARGEST })
            : zlib.inflateRawSync(bytes, { ...gzip, maxOutputLength: LARGEST }),
        stream: () => zlib.createInflate(gzip),
      };
    case 'br':
      return {
        atOnce: (bytes) => zlib.brotliDecompressSync(bytes, { ...brotli, maxOutputLength: LARGEST }),
        stream: () => zlib.createBrotliDecompress(brotli),
      };
    case 'zstd': {
      // From Node 22.15 on; before that no client of Node's understands it either.
      const { zstdDecompressSync, createZstdDecompress } = zlib as unknown as {
        zstdDecompressSync?: Method['atOnce'];
        createZstdDecompress?: Method['stream'];
      };
      return zstdDecompressSync && createZstdDecompress
        ? { atOnce: (bytes) => zstdDecompressSync(bytes), stream: () => createZstdDecompress() }
        : undefined;
    }
    default:
      return undefined;
  }
}

class ZlibDecoder implements Decoder {
  readonly #method: Method;
  readonly #onBytes: (bytes: Uint8Array) => void;
  #waiting: Buffer[] = [];
  #length = 0;
  #stream: Transform | undefined;
  #isBroken = false;

  constructor(method: Method, onBytes: (bytes: Uint8Array) => void) {
    this.#method = method;
    this.#onBytes = onBytes;
  }

  write(chunk: Uint8Array): void {
    if (this.#isBroken) return;
    if (this.#stream) {
      this.#stream.write(chunk);
      return;
    }
    // A copy: the chunk is a view of a buffer that is the client's.
    this.#waiting.push(Buffer.from(chunk));
    this.#length += chunk.byteLength;
    if (this.#length > AT_ONCE) this.#startStream();
  }

  end(done: () => void): void {
    if (this.#stream && !this.#isBroken) {
      this.#stream.once('close', done).end();
      return;
    }
    if (!this.#isBroken && this.#length > 0) {
      try {
        this.#onBytes(this.#method.atOnce(Buffer.concat(this.#waiting)));
      } catch {
        // Not what its header says: the client of the app has the same trouble.
      }
    }
    this.#waiting = [];
    done();
  }

  #startStream(): void {
    const stream = this.#method.stream();
    this.#stream = stream;
    stream.on('data', this.#onBytes);
    stream.on('error', () => {
      this.#isBroken = true;
    });
    for (const chunk of this.#waiting) stream.write(chunk);
    this.#waiting = [];
  }
}
