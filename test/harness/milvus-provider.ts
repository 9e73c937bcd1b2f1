import { join } from 'node:path';
import { GrpcFailure, requireOfStores, startGrpcServer } from './grpc-server';
import { fixtures } from './paths';
import type { ProviderServer } from './provider-suite';

type Message = Record<string, unknown>;

/**
 * Milvus on loopback, written from its published protocol buffers, which the client carries. Collections whose names
 * say so misbehave.
 */
export async function startMilvusProvider(): Promise<ProviderServer> {
  const { fromJSON } = requireOfStores('@grpc/proto-loader') as {
    fromJSON(json: unknown, options: unknown): Record<string, Record<string, { path: string }>>;
  };
  const file = join(fixtures, 'sdks/vector-stores/node_modules/milvus-3/dist/milvus/proto-json/milvus.js');
  const { default: json } = requireOfStores(file) as { default: unknown };
  const definitions = fromJSON(json, {
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const service = definitions['milvus.proto.milvus.MilvusService']!;
  const answers = {
    Connect: () => ({ status: OK, identifier: 1, server_info: { build_tags: '2.6.0' } }),
    GetVersion: () => ({ status: OK, version: '2.6.0' }),
    DescribeCollection: ({ collection_name }: Message) => described(collection_name),
    HasCollection: () => ({ status: OK, value: true }),
    DropCollection: () => OK,
    Search: ({ nq }: Message) => found(Number(nq)),
    HybridSearch: () => found(1),
    Query: queried,
    Insert: written('insert_cnt'),
    Upsert: written('upsert_cnt'),
    Delete: () => ({ status: OK, delete_cnt: 2 }),
  };
  const server = await startGrpcServer([[service, answers]]);
  return {
    url: `http://127.0.0.1:${server.port}`,
    takeRequests: server.takeCalls,
    close: async () => server.close(),
  };
}

const OK = { error_code: 'Success', reason: '', code: 0 };

const described = (name: unknown): Message => ({
  status: OK,
  collection_name: name,
  collectionID: 7,
  consistency_level: 'Bounded',
  schema: {
    name,
    fields: [
      { name: 'id', fieldID: 100, is_primary_key: true, data_type: 'Int64' },
      { name: 'vector', fieldID: 101, data_type: 'FloatVector', type_params: [{ key: 'dim', value: '4' }] },
      {
        name: 'title',
        fieldID: 102,
        data_type: 'VarChar',
        type_params: [{ key: 'max_length', value: '64' }],
      },
    ],
  },
});

const titles = (count: number): Message => ({
  type: 'VarChar',
  field_name: 'title',
  scalars: { string_data: { data: Array.from({ length: count }, (_, i) => `MARK-TITLE ${i}`) } },
});

function found(queries: number): Message {
  const count = queries * 2;
  return {
    status: OK,
    results: {
      primary_field_name: 'id',
      num_queries: queries,
      top_k: 2,
      topks: Array(queries).fill(2),
      scores: Array.from({ length: count }, (_, i) => 1 - i / 8),
      ids: { int_id: { data: Array.from({ length: count }, (_, i) => i) } },
      fields_data: [titles(count)],
      output_fields: ['title'],
    },
  };
}

function queried({ collection_name, output_fields }: Message): Message {
  if (collection_name === 'status_error') {
    return {
      status: { error_code: 'CollectionNotExists', reason: 'MARK-ERROR', code: 100 },
      fields_data: [],
    };
  }
  if (collection_name === 'invalid') throw new GrpcFailure(3, 'MARK-ERROR');
  if ((output_fields as string[]).includes('count(*)')) {
    const field = { type: 'Int64', field_name: 'count(*)', scalars: { long_data: { data: [42] } } };
    return { status: OK, fields_data: [field] };
  }
  return {
    status: OK,
    fields_data: [
      { type: 'Int64', field_name: 'id', scalars: { long_data: { data: [1, 2] } } },
      titles(2),
      {
        type: 'FloatVector',
        field_name: 'vector',
        vectors: { dim: 4, float_vector: { data: [1, 2, 3, 4, 5, 6, 7, 8] } },
      },
    ],
  };
}

const written =
  (count: string) =>
  ({ collection_name, num_rows }: Message): Message => {
    if (collection_name === 'unauthenticated') throw new GrpcFailure(16, 'MARK-ERROR');
    const rows = Number(num_rows);
    const indexes = Array.from({ length: rows }, (_, i) => i);
    return { status: OK, IDs: { int_id: { data: indexes } }, succ_index: indexes, [count]: rows };
  };
