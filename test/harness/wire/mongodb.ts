import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fixtures } from '../paths';
import { startWireServer, type WireServer } from './frames';

type Document = Record<string, unknown>;
interface Bson {
  serialize(document: Document): Uint8Array;
  deserialize(bytes: Uint8Array, options?: object): Document;
  Long: { fromNumber(value: number): unknown };
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/**
 * Enough of MongoDB for its drivers from 3 on, written from the published wire protocol: OP_MSG, and OP_QUERY for the first
 * greeting of the older ones. Collections hold what is inserted; filters are not looked at.
 */
export async function startMongo(): Promise<WireServer> {
  const tree = createRequire(join(fixtures, 'sdks/brokers/package.json'));
  const bson = tree('bson') as Bson;
  const collections = new Map<string, Document[]>();
  let replies = 0;

  function answer(command: Document): Document {
    const [name = ''] = Object.keys(command);
    const collection = String(command[name]);
    const stored = collections.get(collection) ?? [];
    const found = (firstBatch: Document[]) => ({
      cursor: { id: bson.Long.fromNumber(0), ns: `${command.$db}.${collection}`, firstBatch },
      ok: 1,
    });
    if ('fails' in ((command.filter as Document | undefined) ?? {}))
      return { ok: 0, code: 2, codeName: 'BadValue', errmsg: 'MARK-bad value' };
    switch (name.toLowerCase()) {
      case 'hello':
      case 'ismaster':
        return { ...GREETING, localTime: new Date() };
      case 'insert': {
        const documents = command.documents as Document[];
        collections.set(collection, [...stored, ...documents]);
        return { n: documents.length, ok: 1 };
      }
      case 'find':
        return found(stored);
      case 'distinct':
        return { values: ['MARK-value'], ok: 1 };
      case 'aggregate':
        return found([{ _id: 1, n: stored.length }]);
      case 'update':
        return { n: stored.length, nModified: stored.length, ok: 1 };
      case 'delete':
        collections.delete(collection);
        return { n: stored.length, ok: 1 };
      default:
        return { ok: 1 };
    }
  }

  return startWireServer(
    (bytes) => (bytes.length < 4 ? undefined : bytes.readInt32LE()),
    (socket) => (frame) => {
      const isQuery = frame.readInt32LE(12) === OP_QUERY;
      const command = isQuery
        ? bson.deserialize(frame.subarray(frame.indexOf(0, 20) + 9))
        : read(bson, frame);
      // What is not acknowledged is not answered.
      if ((command.writeConcern as Document | undefined)?.w === 0) return;
      const body = Buffer.from(bson.serialize(answer(command)));
      const head = isQuery ? Buffer.alloc(20) : Buffer.alloc(5);
      if (isQuery) head.writeInt32LE(1, 16);
      const header = Buffer.alloc(16);
      header.writeInt32LE(16 + head.length + body.length, 0);
      header.writeInt32LE(++replies, 4);
      header.writeInt32LE(frame.readInt32LE(4), 8);
      header.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12);
      socket.write(Buffer.concat([header, head, body]));
    },
  );
}

const GREETING = {
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
  ok: 1,
};

/** A document, and sequences of documents that belong into it. */
function read(bson: Bson, frame: Buffer): Document {
  let command: Document = {};
  for (let at = 20; at < frame.length; ) {
    const kind = frame[at++];
    const length = frame.readInt32LE(at);
    if (kind === 0) {
      command = { ...bson.deserialize(frame.subarray(at, at + length)), ...command };
    } else {
      const nameEnd = frame.indexOf(0, at + 4);
      const documents: Document[] = [];
      for (let from = nameEnd + 1; from < at + length; from += frame.readInt32LE(from)) {
        documents.push(bson.deserialize(frame.subarray(from, from + frame.readInt32LE(from))));
      }
      command = { ...command, [frame.toString('utf8', at + 4, nameEnd)]: documents };
    }
    at += length;
  }
  return command;
}
