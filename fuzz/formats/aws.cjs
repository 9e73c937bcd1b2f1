'use strict';
const { Agent } = require('node:http');
const { crc32 } = require('node:zlib');
const { awkwardAnswer, awkwardRequest } = require('../awkward.cjs');

/** The calls of a client, by the commands it sends, with inputs like the ones given. */
exports.commands = function commands(sdk, clientName, url, table) {
  const client = new sdk[clientName]({
    ...{ region: 'us-east-1', endpoint: url, maxAttempts: 1 },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    // Streams that nobody reads keep their connections: fifty of them would be all.
    requestHandler: { httpAgent: new Agent({ keepAlive: true }), disableConcurrentStreams: true },
  });
  return table
    .filter(([name]) => sdk[name])
    .map(([name, input]) => ({
      name,
      run: (random, abortSignal) =>
        client.send(new sdk[name](awkwardRequest(random, input)), { abortSignal }),
    }));
};

/** A stream of events, each `[type, data]`. */
exports.streamed = (random, events) => ({
  bytes: Buffer.concat(
    events.map(([type, data]) => exports.message(type, awkwardAnswer(random, data) ?? null)),
  ),
  type: 'application/vnd.amazon.eventstream',
});

/** A message of AWS's event streams: lengths, headers of strings, payload, and their check sums. */
exports.message = function message(type, payload) {
  const kind = /Exception$/.test(type) ? 'exception' : 'event';
  const headers = Buffer.concat(
    Object.entries({
      ':message-type': kind,
      [`:${kind}-type`]: type,
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
