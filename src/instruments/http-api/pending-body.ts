/**
 * The first request of a process on Node 20 is known only when all of it has been handed to its socket, which is still
 * connecting: there it waits, head and body.
 */
export function pendingBody(socket: unknown): Uint8Array[] {
  const { _pendingData: pending } = (socket ?? {}) as { _pendingData?: unknown };
  const pieces = (Array.isArray(pending) ? pending : [{ chunk: pending }]) as {
    chunk?: unknown;
    encoding?: unknown;
  }[];
  const all = Buffer.concat(
    pieces.flatMap(({ chunk, encoding }) => {
      if (chunk instanceof Uint8Array) return [chunk];
      if (typeof chunk !== 'string') return [];
      return [
        Buffer.from(chunk, Buffer.isEncoding(String(encoding)) ? (encoding as BufferEncoding) : 'utf8'),
      ];
    }),
  );
  const end = all.indexOf('\r\n\r\n');
  if (end < 0) return [];
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(all.toString('latin1', 0, end));
  const body = all.subarray(end + 4);
  return isChunked ? chunksOf(body) : [body];
}

function chunksOf(body: Buffer): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || !(length > 0)) break;
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 4 + length;
  }
  return chunks;
}
