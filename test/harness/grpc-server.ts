import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fixtures } from './paths';

export const requireOfStores = createRequire(join(fixtures, 'sdks/vector-stores/package.json'));

type Message = Record<string, unknown>;
type Answer = (request: Message) => Message;

/** Thrown by an answer: a status of gRPC. */
export class GrpcFailure extends Error {
  constructor(
    readonly code: number,
    readonly details: string,
  ) {
    super(details);
  }
}

interface Call {
  request: Message;
  metadata: { toJSON(): unknown };
}
type Callback = (error: unknown, answer?: Message) => void;
interface GrpcServer {
  addService(service: unknown, handlers: Record<string, (call: Call, callback: Callback) => void>): void;
  bindAsync(address: string, credentials: unknown, done: (error: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

/** A gRPC server on loopback that keeps what it is asked; a method without an answer is not implemented. */
export async function startGrpcServer(
  services: [service: Record<string, { path: string }>, answers: Record<string, Answer>][],
): Promise<{ port: number; takeCalls(): string[]; close(): void }> {
  const grpc = requireOfStores('@grpc/grpc-js') as {
    Server: new () => GrpcServer;
    ServerCredentials: { createInsecure(): unknown };
  };
  const calls: string[] = [];
  const server = new grpc.Server();
  for (const [service, answers] of services) {
    const handlers = Object.entries(answers).map(([name, answer]) => [
      name,
      ({ request, metadata }: Call, callback: Callback) => {
        const known = JSON.stringify(request, (key, value: unknown) => (RANDOM.includes(key) ? '' : value));
        calls.push(`${service[name]?.path} ${JSON.stringify(metadata.toJSON(), levelled)} ${known}`);
        try {
          callback(null, answer(request));
        } catch (error) {
          callback(error);
        }
      },
    ]);
    server.addService(service, Object.fromEntries(handlers) as never);
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, takeCalls: () => calls.splice(0).sort(), close: () => server.forceShutdown() };
}

/** Random, or the time. */
const RANDOM = ['local_time', 'msgID', 'timestamp', 'guarantee_timestamp', 'host', 'reserved'];
const levelled = (key: string, value: unknown): unknown => (/request|time|id/i.test(key) ? '' : value);
