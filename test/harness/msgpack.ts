/** Reads one MessagePack value: what Datadog's tracer sends its agent. */
export function readMsgpack(bytes: Buffer): unknown {
  let at = 0;
  const take = (length: number) => bytes.subarray(at, (at += length));
  const size = (width: 1 | 2 | 4) => take(width).readUIntBE(0, width);
  const text = (length: number) => take(length).toString('utf8');
  const list = (length: number) => Array.from({ length }, () => value());
  const map = (length: number) =>
    Object.fromEntries(Array.from({ length }, () => [String(value()), value()] as const));

  function value(): unknown {
    const type = size(1);
    if (type < 0x80) return type;
    if (type < 0x90) return map(type & 0x0f);
    if (type < 0xa0) return list(type & 0x0f);
    if (type < 0xc0) return text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    const read = OTHERS[type];
    if (!read) throw new Error(`unknown type 0x${type.toString(16)}`);
    return read();
  }

  const OTHERS: Record<number, () => unknown> = {
    192: () => null,
    194: () => false,
    195: () => true,
    196: () => take(size(1)),
    197: () => take(size(2)),
    198: () => take(size(4)),
    202: () => take(4).readFloatBE(),
    203: () => take(8).readDoubleBE(),
    204: () => size(1),
    205: () => size(2),
    206: () => size(4),
    207: () => take(8).readBigUInt64BE(),
    208: () => take(1).readInt8(),
    209: () => take(2).readInt16BE(),
    210: () => take(4).readInt32BE(),
    211: () => take(8).readBigInt64BE(),
    217: () => text(size(1)),
    218: () => text(size(2)),
    219: () => text(size(4)),
    220: () => list(size(2)),
    221: () => list(size(4)),
    222: () => map(size(2)),
    223: () => map(size(4)),
  };
  return value();
}
