import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fixtures } from './paths';
import { type Answer, json, startProviderServer } from './provider-server';
import type { ProviderServer } from './provider-suite';

const require = createRequire(join(fixtures, 'sdks/vector-stores/package.json'));

interface Definition {
  methods: Record<string, unknown>;
}

interface GrpcServer {
  add(definition: unknown, implementation: Record<string, Implementation>): void;
  listen(address: string): Promise<number>;
  forceShutdown(): void;
}
type Message = Record<string, unknown>;
type Implementation = (request: Message, context: CallContext) => Promise<Message>;
interface CallContext {
  metadata: Iterable<[string, unknown[]]>;
}

const ID = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;

/**
 * Weaviate on loopback: its REST API, written from the published OpenAPI description, and its gRPC API, served from the
 * definitions that the client itself carries. Collections whose names say so misbehave.
 */
export async function startWeaviateProvider(): Promise<ProviderServer> {
  const { createServer, ServerError } = require('nice-grpc') as {
    createServer(): GrpcServer;
    ServerError: new (code: number, details: string) => Error;
  };
  const proto = join(fixtures, 'sdks/vector-stores/node_modules/weaviate-3.14/dist/node/cjs/proto');
  const { WeaviateDefinition } = require(`${proto}/v1/weaviate.js`) as Record<
    'WeaviateDefinition',
    Definition
  >;
  const { HealthDefinition } = require(`${proto}/google/health/v1/health.js`) as Record<
    'HealthDefinition',
    Definition
  >;
  const calls: string[] = [];
  const recorded =
    (name: string, answer: (request: Message) => Message): Implementation =>
    async (request, { metadata }) => {
      const json = JSON.stringify(request, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      );
      calls.push(`${name} ${JSON.stringify([...metadata])} ${json}`);
      if (request.collection === 'Refused') throw new ServerError(7, 'MARK-ERROR refused');
      if (request.collection === 'NotFound') throw new ServerError(5, 'MARK-ERROR not found');
      return answer(request);
    };
  const grpc = createServer();
  grpc.add(HealthDefinition, { ...unanswered(HealthDefinition), check: async () => ({ status: 1 }) });
  grpc.add(WeaviateDefinition, {
    ...unanswered(WeaviateDefinition),
    search: recorded('search', search),
    batchObjects: recorded('batchObjects', () => ({ took: 0.5, errors: [] })),
    batchDelete: recorded('batchDelete', () => ({ took: 0.5, failed: 0, matches: 2, successful: 2 })),
    aggregate: recorded('aggregate', () => ({ took: 0.5, singleResult: { objectsCount: 42 } })),
  });
  const port = await grpc.listen('127.0.0.1:0');
  const rest = await startProviderServer(answer);
  return {
    url: `${rest.url}/?grpc=${port}`,
    takeRequests: () => [...rest.takeRequests(), ...calls.splice(0).sort()],
    async close() {
      grpc.forceShutdown();
      await rest.close();
    },
  };
}

/** What no step of the fixture calls. */
const unanswered = ({ methods }: Definition): Record<string, Implementation> =>
  Object.fromEntries(Object.keys(methods).map((name) => [name, async () => ({})]));

function search(request: Message): Message {
  const { generative, limit } = request as { generative?: Message; limit: number };
  const byId = JSON.stringify(request.filters ?? {}).includes('"_id"');
  const results = Array.from({ length: byId ? 1 : limit || 2 }, (_, i) => ({
    metadata: {
      id: ID(i),
      distance: i / 8,
      distancePresent: true,
      score: 0,
      ...(generative && { generative: `MARK-ANSWER ${i}`, generativePresent: true }),
    },
    properties: { nonRefProps: { fields: { title: { textValue: `MARK-TITLE ${i}` } } } },
    ...(generative && { generative: { values: [{ result: `MARK-ANSWER ${i}` }] } }),
  }));
  return {
    took: 0.5,
    results,
    ...(generative && {
      generativeGroupedResult: 'MARK-ANSWER of all',
      generativeGroupedResults: { values: [{ result: 'MARK-ANSWER of all' }] },
    }),
  };
}

const answer: Answer = ({ path, body, request, response }) => {
  const { method } = request;
  if (path.startsWith('/v1/meta')) return json(response, 200, { version: '1.31.0', hostname: 'fake' });
  if (body.class === 'Invalid') return json(response, 422, { error: [{ message: 'MARK-ERROR' }] });
  if (method === 'POST' && path.startsWith('/v1/graphql')) {
    const name = /Aggregate\{(\w+)/.exec(String(body.query))?.[1] ?? 'X';
    return json(response, 200, { data: { Aggregate: { [name]: [{ meta: { count: 42 } }] } } });
  }
  if (method === 'POST') return json(response, 200, { ...body, id: body.id ?? ID(0) });
  if (method === 'PUT') return json(response, 200, { ...body, class: body.class });
  response.writeHead(204).end();
};
