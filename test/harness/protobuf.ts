/** A reader for protobuf without a schema: what is on the wire, by field number. */
export interface Message {
  /** Bytes of length-delimited fields, numbers of the others; a field may come more than once. */
  fields: Map<number, (Buffer | bigint)[]>;
}

export function readMessage(bytes: Buffer): Message {
  const fields: Message['fields'] = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the message ends inside a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const values = fields.get(tag >> 3) ?? [];
    fields.set(tag >> 3, values);
    const wireType = tag & 7;
    if (wireType === 0) values.push(varint());
    else if (wireType === 1) values.push(bytes.readBigUInt64LE((at += 8) - 8));
    else if (wireType === 5) values.push(BigInt(bytes.readUInt32LE((at += 4) - 4)));
    else if (wireType === 2) {
      const length = Number(varint());
      values.push(bytes.subarray(at, (at += length)));
    } else throw new Error(`unknown wire type ${wireType}`);
  }
  return { fields };
}

const buffers = (message: Message, field: number): Buffer[] =>
  (message.fields.get(field) ?? []).map((value) => {
    if (!Buffer.isBuffer(value)) throw new Error(`field ${field} is no message`);
    return value;
  });

const messages = (message: Message, field: number): Message[] => buffers(message, field).map(readMessage);

export interface WireSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** Text attributes. */
  attributes: Record<string, string>;
  resource: Record<string, string>;
}

/** The spans of an OTLP ExportTraceServiceRequest. */
export function wireSpans(body: Buffer): WireSpan[] {
  return messages(readMessage(body), 1).flatMap((resourceSpans) => {
    const [resource] = messages(resourceSpans, 1);
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => ({
        name: text(span, 5),
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        attributes: textAttributes(span, 9),
        resource: resource ? textAttributes(resource, 1) : {},
      }));
  });
}

const text = (message: Message, field: number) =>
  (buffers(message, field)[0] ?? Buffer.alloc(0)).toString('utf8');
const hex = (message: Message, field: number) =>
  (buffers(message, field)[0] ?? Buffer.alloc(0)).toString('hex');

function textAttributes(message: Message, field: number): Record<string, string> {
  return Object.fromEntries(
    messages(message, field).map((pair) => {
      const [value] = messages(pair, 2);
      return [text(pair, 1), value?.fields.has(1) ? text(value, 1) : ''];
    }),
  );
}
