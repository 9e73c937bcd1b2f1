import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export interface WireServer {
  port: number;
  close(): Promise<void>;
}

/** A server on loopback for a protocol of frames: `lengthOf` says how long the first one is, or nothing before that is known. */
export async function startWireServer(
  lengthOf: (bytes: Buffer) => number | undefined,
  connected: (socket: Socket) => (frame: Buffer) => void,
): Promise<WireServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    const take = connected(socket);
    let waiting: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
      for (;;) {
        const length = lengthOf(waiting);
        if (length === undefined || waiting.length < length) return;
        const frame = waiting.subarray(0, length);
        waiting = waiting.subarray(length);
        take(frame);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Big-endian values one after the other. */
export class Reader {
  #at: number;
  constructor(
    readonly bytes: Buffer,
    at = 0,
  ) {
    this.#at = at;
  }
  #skip(length: number): number {
    this.#at += length;
    return this.#at - length;
  }
  get left(): number {
    return this.bytes.length - this.#at;
  }
  u8 = (): number => this.bytes.readUInt8(this.#skip(1));
  i16 = (): number => this.bytes.readInt16BE(this.#skip(2));
  i32 = (): number => this.bytes.readInt32BE(this.#skip(4));
  i64 = (): bigint => this.bytes.readBigInt64BE(this.#skip(8));
  take(length: number): Buffer {
    const start = this.#skip(length);
    return this.bytes.subarray(start, start + length);
  }
  text = (length: number): string => this.take(length).toString('utf8');
}

export const u8 = (value: number): Buffer => Buffer.from([value]);
export const i16 = (value: number): Buffer => sized(2, (bytes) => bytes.writeInt16BE(value));
export const i32 = (value: number): Buffer => sized(4, (bytes) => bytes.writeInt32BE(value));
export const i64 = (value: bigint | number): Buffer =>
  sized(8, (bytes) => bytes.writeBigInt64BE(BigInt(value)));

function sized(length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(length);
  write(bytes);
  return bytes;
}
