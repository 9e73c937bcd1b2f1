import { i16, i32, i64, Reader, startWireServer, u8, type WireServer } from './frames';

const [METHOD, HEADER, BODY, HEARTBEAT] = [1, 2, 3, 8];
const END = 0xce;

const short = (text: string): Buffer => Buffer.concat([u8(text.length), Buffer.from(text)]);
const long = (bytes: Buffer): Buffer => Buffer.concat([i32(bytes.length), bytes]);
const NOTHING = Buffer.alloc(0);

interface Published {
  exchange: string;
  key: string;
  /** Properties and body, as they came. */
  properties: Buffer;
  body: Buffer;
}

interface Consumer {
  tag: string;
  deliver(message: Published): void;
}

/**
 * Enough of AMQP 0-9-1 for amqplib, written from the published specification: queues, the default exchange, consumers, `get`, and
 * confirmations.
 */
export function startAmqp(): Promise<WireServer> {
  const queues = new Map<string, Published[]>();
  const consumers = new Map<string, Consumer[]>();
  let deliveries = 0;

  function publish(message: Published): void {
    const consumer = consumers.get(message.key)?.[0];
    if (consumer) consumer.deliver(message);
    else queues.set(message.key, [...(queues.get(message.key) ?? []), message]);
  }

  return startWireServer(
    (bytes) => {
      if (bytes.length < 7) return undefined;
      return bytes[0] === 0x41 ? 8 : 8 + bytes.readInt32BE(3);
    },
    (socket) => {
      const frame = (type: number, channel: number, payload: Buffer): Buffer =>
        Buffer.concat([u8(type), i16(channel), long(payload), u8(END)]);
      const send = (channel: number, [of, method]: [number, number], ...parts: Buffer[]) =>
        socket.write(frame(METHOD, channel, Buffer.concat([i16(of), i16(method), ...parts])));
      const sendContent = (channel: number, { properties, body }: Published) => {
        const header = Buffer.concat([i16(60), i16(0), i64(body.length), properties]);
        socket.write(Buffer.concat([frame(HEADER, channel, header), frame(BODY, channel, body)]));
      };
      const confirming = new Map<number, number>();
      const incoming = new Map<number, Published & { size: number }>();

      function finish(channel: number): void {
        const message = incoming.get(channel)!;
        if (message.body.length < message.size) return;
        incoming.delete(channel);
        publish(message);
        const count = confirming.get(channel);
        if (count === undefined) return;
        confirming.set(channel, count + 1);
        send(channel, [60, 80], i64(count), u8(0));
      }

      function method(channel: number, payload: Reader): void {
        const id = `${payload.i16()}.${payload.i16()}`;
        const text = () => payload.text(payload.u8());
        switch (id) {
          case '10.11':
            return void send(0, [10, 30], i16(0), i32(131_072), i16(0));
          case '10.40':
            return void send(0, [10, 41], short(''));
          case '10.50':
            return void send(0, [10, 51]);
          case '20.10':
            return void send(channel, [20, 11], long(NOTHING));
          case '20.40':
            return void send(channel, [20, 41]);
          case '50.10': {
            payload.i16();
            return void send(channel, [50, 11], short(text()), i32(0), i32(0));
          }
          case '60.10':
            return void send(channel, [60, 11]);
          case '60.20': {
            payload.i16();
            const [queue, asked] = [text(), text()];
            const tag = asked || `consumer-${++deliveries}`;
            const deliver = (message: Published) => {
              const { exchange, key } = message;
              send(channel, [60, 60], short(tag), i64(++deliveries), u8(0), short(exchange), short(key));
              sendContent(channel, message);
            };
            consumers.set(queue, [...(consumers.get(queue) ?? []), { tag, deliver }]);
            send(channel, [60, 21], short(tag));
            for (const message of queues.get(queue)?.splice(0) ?? []) deliver(message);
            return;
          }
          case '60.30': {
            const tag = text();
            for (const [queue, all] of consumers)
              consumers.set(
                queue,
                all.filter((one) => one.tag !== tag),
              );
            return void send(channel, [60, 31], short(tag));
          }
          case '60.40': {
            payload.i16();
            const [exchange, key] = [text(), text()];
            incoming.set(channel, { exchange, key, properties: NOTHING, body: NOTHING, size: 0 });
            return;
          }
          case '60.70': {
            payload.i16();
            const message = queues.get(text())?.shift();
            if (!message) return void send(channel, [60, 72], short(''));
            const { exchange, key } = message;
            send(channel, [60, 71], i64(++deliveries), u8(0), short(exchange), short(key), i32(0));
            sendContent(channel, message);
            return;
          }
          case '85.10':
            confirming.set(channel, 1);
            return void send(channel, [85, 11]);
        }
      }

      return (bytes) => {
        if (bytes[0] === 0x41) {
          // Version, properties, mechanisms, locales.
          const texts = [Buffer.from('PLAIN AMQPLAIN'), Buffer.from('en_US')].map(long);
          return void send(0, [10, 10], u8(0), u8(9), long(NOTHING), ...texts);
        }
        const reader = new Reader(bytes.subarray(0, -1));
        const [type, channel] = [reader.u8(), reader.i16()];
        reader.i32();
        if (type === METHOD) return method(channel, reader);
        if (type === HEARTBEAT) return;
        const message = incoming.get(channel)!;
        if (type === HEADER) {
          message.size = Number(new Reader(bytes, 11).i64());
          message.properties = Buffer.from(bytes.subarray(19, -1));
        } else {
          message.body = Buffer.concat([message.body, bytes.subarray(7, -1)]);
        }
        finish(channel);
      };
    },
  );
}
