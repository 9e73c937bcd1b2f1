/** Messages of `application/vnd.amazon.eventstream`, as AWS documents the format. */
export function eventMessage(headers: Record<string, string>, payload: Uint8Array | string): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(payload as string);
  const total = 12 + head.length + body.length + 4;
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(total, 0);
  prelude.writeUInt32BE(head.length, 4);
  const message = Buffer.concat([prelude, checksum(prelude), head, body]);
  return Buffer.concat([message, checksum(message)]);
}

/** An event with a JSON payload. */
export const event = (type: string, payload: unknown): Buffer =>
  eventMessage(
    { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' },
    JSON.stringify(payload),
  );

/** An event whose payload is bytes. */
export const bytesEvent = (type: string, payload: Uint8Array | string): Buffer =>
  eventMessage(
    { ':message-type': 'event', ':event-type': type, ':content-type': 'application/octet-stream' },
    payload,
  );

/** An error the service has a name for. */
export const exceptionEvent = (type: string, message: string): Buffer =>
  eventMessage(
    { ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' },
    JSON.stringify({ message }),
  );

/** An error it has no name for. */
export const errorEvent = (code: string, message: string): Buffer =>
  eventMessage({ ':message-type': 'error', ':error-code': code, ':error-message': message }, '');

const STRING = 7;

function header(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([STRING]), length, text]);
}

function checksum(bytes: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const result = Buffer.alloc(4);
  result.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return result;
}
