/** One message of `application/vnd.amazon.eventstream`, with checksums that nobody here looks at. */
export function awsMessage(type: string, payload: unknown, headers: Record<string, string> = {}): Buffer {
  const named = {
    ':event-type': type,
    ':content-type': 'application/json',
    ':message-type': 'event',
    ...headers,
  };
  const head = Buffer.concat(
    Object.entries(named).map(([name, value]) => {
      const bytes = Buffer.from(value);
      const length = Buffer.from([7, bytes.length >> 8, bytes.length & 255]);
      return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, bytes]);
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  return Buffer.concat([prelude, head, body, Buffer.alloc(4)]);
}
