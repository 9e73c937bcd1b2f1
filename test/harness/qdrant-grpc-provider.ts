import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fixtures } from './paths';
import type { ProviderServer } from './provider-suite';

type Message = Record<string, unknown>;
type Handler = (request: Message, context: { requestHeader: Headers }) => Message;
interface Router {
  service(definition: unknown, handlers: Record<string, Handler>): void;
}
interface Connect {
  connectNodeAdapter(options: {
    routes(router: Router): void;
  }): (request: Http2ServerRequest, response: Http2ServerResponse) => void;
}

/**
 * Qdrant's gRPC API on loopback, served from the definitions that the client itself carries. Collections whose names say
 * so misbehave.
 */
export async function startQdrantGrpcProvider(): Promise<ProviderServer> {
  const folder = join(fixtures, 'sdks/vector-stores/node_modules/qdrant-grpc-1.18');
  const requireOfQdrant = createRequire(join(folder, 'package.json'));
  const { connectNodeAdapter } = requireOfQdrant('@connectrpc/connect-node') as Connect;
  const { ConnectError } = requireOfQdrant('@connectrpc/connect') as {
    ConnectError: new (message: string, code: number) => Error;
  };
  const proto = join(folder, 'dist/cjs/proto');
  const { Points } = requireOfQdrant(`${proto}/points_service_pb.js`) as Record<string, unknown>;
  const { Collections } = requireOfQdrant(`${proto}/collections_service_pb.js`) as Record<string, unknown>;
  const calls: string[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const leave = (): void => {
    for (const session of sessions) session.close();
  };
  const recorded =
    (name: string, answer: (request: Message) => Message): Handler =>
    (request, { requestHeader }) => {
      const json = JSON.stringify(request, (_key, value: unknown) =>
        typeof value === 'bigint' ? `${value}n` : value,
      );
      const headers = [...requestHeader].filter(([header]) => header !== 'grpc-timeout');
      calls.push(`${name} ${JSON.stringify(headers)} ${json}`);
      if (request.collectionName === 'not found') throw new ConnectError('MARK-ERROR', 5);
      if (request.collectionName === 'denied') throw new ConnectError('MARK-ERROR', 7);
      // The last step of the fixture: clients keep connections open for long, and their process with them.
      if (request.collectionName === '') setImmediate(leave);
      return answer(request);
    };
  const handlers = (answers: Record<string, (request: Message) => Message>): Record<string, Handler> =>
    Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, recorded(name, answer)]));
  const server = createServer(
    connectNodeAdapter({
      routes(router) {
        router.service(Points, handlers(POINTS));
        router.service(Collections, handlers(COLLECTIONS));
      },
    }),
  );
  server.on('session', (session) => sessions.add(session));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests: () => calls.splice(0).sort(),
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const point = (i: number): Message => ({
  id: { pointIdOptions: { case: 'num', value: BigInt(i) } },
  score: 1 - i / 8,
  payload: { title: { kind: { case: 'stringValue', value: `MARK-TITLE ${i}` } } },
});
const points = (limit: unknown): Message[] => Array.from({ length: Number(limit ?? 2) }, (_, i) => point(i));
const completed = (): Message => ({ result: { operationId: 1n, status: 2 }, time: 0 });

const POINTS: Record<string, (request: Message) => Message> = {
  query: ({ limit }) => ({ result: points(limit), time: 0 }),
  queryBatch: ({ queryPoints }) => ({
    result: (queryPoints as Message[]).map(({ limit }) => ({ result: points(limit) })),
    time: 0,
  }),
  search: ({ limit }) => ({ result: points(limit), time: 0 }),
  scroll: () => ({ result: [0, 1].map((i) => ({ id: point(i).id, payload: point(i).payload })), time: 0 }),
  get: () => ({ result: [0, 1].map((i) => ({ id: point(i).id, payload: point(i).payload })), time: 0 }),
  count: () => ({ result: { count: 42n }, time: 0 }),
  upsert: completed,
  delete: completed,
  setPayload: completed,
};

const COLLECTIONS: Record<string, (request: Message) => Message> = {
  create: () => ({ result: true, time: 0 }),
  get: () => ({ result: { status: 1 }, time: 0 }),
};
