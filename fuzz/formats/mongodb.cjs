'use strict';
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { awkwardAnswer } = require('../awkward.cjs');
const wire = require('../wire.cjs');

const bson = createRequire(join(__dirname, '../../fixtures/sdks/brokers/package.json'))('bson');
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/** Messages of MongoDB: OP_MSG, and OP_QUERY for the first greeting of the older drivers. */
exports.startServer = wire({
  lengthOf: (bytes) => (bytes.length < 4 ? undefined : bytes.readInt32LE()),
  connected: (session) => (frame) => {
    const isQuery = frame.readInt32LE(12) === OP_QUERY;
    const command = bson.deserialize(frame.subarray(isQuery ? frame.indexOf(0, 20) + 9 : 21));
    const [name] = Object.keys(command);
    const isGreeting = /^(hello|ismaster)$/i.test(name);
    const isOwn = isGreeting || name === 'endSessions' || name === 'ping';
    const written = (random) => {
      if (command.writeConcern?.w === 0) return undefined;
      const reply = isGreeting ? { ...GREETING } : isOwn ? { ok: 1 } : replyTo(random, name, command);
      return messageOf(frame, isQuery, bson.serialize(reply));
    };
    // It asks again and again whether the server is still there.
    if (isOwn) return session.greet(written());
    session.answer(shownOf(command), written);
  },
});

const OWN = /^(lsid|\$clusterTime|\$db|txnNumber)$/;
const shownOf = (command) =>
  JSON.stringify(
    Object.entries(command).filter(([key]) => !OWN.test(key)),
    (_key, value) => (value?._bsontype ? value._bsontype : typeof value === 'bigint' ? `${value}n` : value),
  );

let replies = 0;
function messageOf(frame, isQuery, body) {
  const head = Buffer.alloc(isQuery ? 20 : 5);
  if (isQuery) head.writeInt32LE(1, 16);
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + head.length + body.length, 0);
  header.writeInt32LE(++replies, 4);
  header.writeInt32LE(frame.readInt32LE(4), 8);
  header.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, head, body]);
}

const GREETING = {
  ...{ helloOk: true, ismaster: true, isWritablePrimary: true, readOnly: false, ok: 1 },
  ...{ maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 },
  ...{ logicalSessionTimeoutMinutes: 30, minWireVersion: 0, maxWireVersion: 21 },
};

const found = [
  { id: 1, name: 'a' },
  { id: 2, name: 'é😀', more: { b: [1] } },
];

function replyTo(random, name, command) {
  if (random.chance(0.15)) {
    const [code, codeName] = random.pick([
      [2, 'BadValue'],
      [11000, 'DuplicateKey'],
      [13, 'Unauthorized'],
      [0, ''],
    ]);
    return { ok: 0, code, codeName, errmsg: random.pick(['no', '']) };
  }
  const cursor = { id: bson.Long.fromNumber(0), ns: `things.${command[name]}` };
  const proper = {
    find: { cursor: { ...cursor, firstBatch: found }, ok: 1 },
    aggregate: { cursor: { ...cursor, firstBatch: [{ _id: 1, n: 2 }] }, ok: 1 },
    insert: { n: 1, ok: 1 },
    update: { n: 1, nModified: 1, ok: 1 },
    delete: { n: 1, ok: 1 },
    distinct: { values: ['a', 'b'], ok: 1 },
    findAndModify: { value: found[0], ok: 1 },
    count: { n: 2, ok: 1 },
  };
  const reply = proper[name] ?? { ok: 1 };
  // Identifiers of cursors have a class, which a copy would not.
  if (random.chance(0.7)) return reply;
  const odd = awkwardAnswer(random, JSON.parse(JSON.stringify({ ...reply, cursor: undefined })));
  return typeof odd === 'object' && odd !== null && !Array.isArray(odd)
    ? { ...odd, ...(reply.cursor && random.chance(0.7) && { cursor: reply.cursor }) }
    : { ok: 1 };
}
