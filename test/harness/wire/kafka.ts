import { i16, i32, i64, Reader, startWireServer, u8, type WireServer } from './frames';

/** The one version of each request that is understood. */
const API = { produce: 0, fetch: 1, listOffsets: 2, metadata: 3, offsetCommit: 8, offsetFetch: 9 } as const;
const GROUP = { coordinator: 10, join: 11, heartbeat: 12, leave: 13, sync: 14 } as const;
const VERSIONS = 18;
const SUPPORTED: Record<number, number> = {
  [API.produce]: 3,
  [API.fetch]: 4,
  [API.listOffsets]: 1,
  [API.metadata]: 1,
  [API.offsetCommit]: 2,
  [API.offsetFetch]: 1,
  [GROUP.coordinator]: 0,
  [GROUP.join]: 0,
  [GROUP.heartbeat]: 0,
  [GROUP.leave]: 0,
  [GROUP.sync]: 0,
  [VERSIONS]: 0,
};

const text = (value: string): Buffer => Buffer.concat([i16(Buffer.byteLength(value)), Buffer.from(value)]);
const bytes = (value: Buffer): Buffer => Buffer.concat([i32(value.length), value]);
const list = (items: Buffer[]): Buffer => Buffer.concat([i32(items.length), ...items]);
const read = {
  text: (from: Reader): string => {
    const length = from.i16();
    return length < 0 ? '' : from.text(length);
  },
  bytes: (from: Reader): Buffer => Buffer.from(from.take(Math.max(0, from.i32()))),
  list: <T>(from: Reader, item: () => T): T[] =>
    Array.from({ length: Math.max(0, from.i32()) }, () => item()),
};

interface Batch {
  offset: number;
  count: number;
  records: Buffer;
}

/**
 * Enough of a Kafka broker for kafkajs, written from the published protocol: topics of one partition, and groups of one member.
 * Batches of records are given out as they came.
 */
export async function startKafka(): Promise<WireServer> {
  const topics = new Map<string, Batch[]>();
  const waiting = new Set<() => void>();
  const endOf = (topic: string): number => {
    const last = topics.get(topic)?.at(-1);
    return last ? last.offset + last.count : 0;
  };

  /** For each partition of each topic in a request, which has `rest` after its number. */
  const forEachPartition = (from: Reader, answer: (topic: string) => Buffer): Buffer =>
    list(
      read.list(from, () => {
        const topic = read.text(from);
        const partitions = read.list(from, () => Buffer.concat([i32(from.i32()), answer(topic)]));
        return Buffer.concat([text(topic), list(partitions)]);
      }),
    );

  function produce(from: Reader): Buffer {
    read.text(from);
    from.i16();
    from.i32();
    const topicsTold = forEachPartition(from, (topic) => {
      const records = read.bytes(from);
      const offset = endOf(topic);
      records.writeBigInt64BE(BigInt(offset), 0);
      const batch = { offset, count: records.readInt32BE(57), records };
      topics.set(topic, [...(topics.get(topic) ?? []), batch]);
      return Buffer.concat([i16(0), i64(offset), i64(-1)]);
    });
    for (const wake of [...waiting]) wake();
    return Buffer.concat([topicsTold, i32(0)]);
  }

  function fetch(from: Reader): Buffer {
    from.take(4 + 4 + 4 + 4 + 1);
    const told = forEachPartition(from, (topic) => {
      const offset = Number(from.i64());
      from.i32();
      const records = (topics.get(topic) ?? []).filter((batch) => batch.offset + batch.count > offset);
      const end = i64(endOf(topic));
      return Buffer.concat([
        i16(0),
        end,
        end,
        i32(-1),
        bytes(Buffer.concat(records.map((one) => one.records))),
      ]);
    });
    return Buffer.concat([i32(0), told]);
  }

  const hasNews = (from: Reader): boolean => {
    from.take(4 + 4 + 4 + 4 + 1);
    return read
      .list(from, () => {
        const topic = read.text(from);
        return read.list(from, () => {
          from.i32();
          const offset = Number(from.i64());
          from.i32();
          return endOf(topic) > offset;
        });
      })
      .flat()
      .some(Boolean);
  };

  function answer(key: number, from: Reader, version: number): Buffer {
    switch (key) {
      case VERSIONS: {
        const all = Object.entries(SUPPORTED).map(([api, one]) =>
          Buffer.concat([i16(Number(api)), i16(one), i16(one)]),
        );
        return Buffer.concat([i16(0), list(all), ...(version > 0 ? [i32(0)] : [])]);
      }
      case API.metadata: {
        const names = read.list(from, () => read.text(from));
        const broker = Buffer.concat([i32(0), text('127.0.0.1'), i32(server.port), i16(-1)]);
        const partition = Buffer.concat([i16(0), i32(0), i32(0), list([i32(0)]), list([i32(0)])]);
        const told = names.map((name) => Buffer.concat([i16(0), text(name), u8(0), list([partition])]));
        return Buffer.concat([list([broker]), i32(0), list(told)]);
      }
      case API.produce:
        return produce(from);
      case API.fetch:
        return fetch(from);
      case API.listOffsets:
        from.i32();
        return forEachPartition(from, (topic) => {
          const isEarliest = from.i64() === -2n;
          return Buffer.concat([i16(0), i64(-1), i64(isEarliest ? 0 : endOf(topic))]);
        });
      case API.offsetFetch:
        read.text(from);
        return forEachPartition(from, () => Buffer.concat([i64(-1), i16(-1), i16(0)]));
      case API.offsetCommit:
        read.text(from);
        from.i32();
        read.text(from);
        from.i64();
        return forEachPartition(from, () => {
          from.i64();
          read.text(from);
          return i16(0);
        });
      case GROUP.coordinator:
        return Buffer.concat([i16(0), i32(0), text('127.0.0.1'), i32(server.port)]);
      case GROUP.join: {
        read.text(from);
        from.i32();
        read.text(from);
        read.text(from);
        const [[name, metadata] = ['', Buffer.alloc(0)]] = read.list(
          from,
          () => [read.text(from), read.bytes(from)] as const,
        );
        const member = Buffer.concat([text('member'), bytes(metadata)]);
        return Buffer.concat([
          ...[i16(0), i32(1), text(name), text('member'), text('member')],
          list([member]),
        ]);
      }
      case GROUP.sync: {
        read.text(from);
        from.i32();
        read.text(from);
        const [assignment = Buffer.alloc(0)] = read.list(from, () => {
          read.text(from);
          return read.bytes(from);
        });
        return Buffer.concat([i16(0), bytes(assignment)]);
      }
      default:
        return i16(0);
    }
  }

  const server = await startWireServer(
    (head) => (head.length < 4 ? undefined : 4 + head.readInt32BE()),
    (socket) => (frame) => {
      const from = new Reader(frame, 4);
      const [key, version, correlation] = [from.i16(), from.i16(), from.i32()];
      read.text(from);
      const rest = frame.subarray(frame.length - from.left);
      const send = () =>
        socket.write(bytes(Buffer.concat([i32(correlation), answer(key, new Reader(rest), version)])));
      if (key !== API.fetch || hasNews(new Reader(rest))) return void send();
      // A broker answers when there is something, or when the client no longer wants to wait.
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        send();
      };
      const timer = setTimeout(wake, rest.readInt32BE(4));
      waiting.add(wake);
    },
  );
  return server;
}
