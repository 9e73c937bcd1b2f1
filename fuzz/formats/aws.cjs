'use strict';
const { crc32 } = require('node:zlib');

/** A message of AWS's event streams: lengths, headers of strings, payload, and their check sums. */
exports.message = function message(type, payload) {
  const headers = Buffer.concat(
    Object.entries({
      ':message-type': 'event',
      ':event-type': type,
      ':content-type': Buffer.isBuffer(payload) ? 'application/octet-stream' : 'application/json',
    }).map(headerOf),
  );
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const before = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([before, checksum(before)]);
};

function headerOf([name, value]) {
  const [key, text] = [Buffer.from(name), Buffer.from(value)];
  return Buffer.concat([
    Buffer.from([key.length]),
    key,
    Buffer.from([7, text.length >> 8, text.length & 255]),
    text,
  ]);
}

function checksum(bytes) {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
