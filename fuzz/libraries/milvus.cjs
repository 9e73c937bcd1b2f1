'use strict';
const { join } = require('node:path');
const { grpcDesk, requireOfStores } = require('../grpc.cjs');
const { methods } = require('../methods.cjs');

const status = { error_code: 'Success', reason: '', code: 0 };
const fields = [
  { name: 'id', fieldID: 100, is_primary_key: true, data_type: 'Int64' },
  { name: 'vector', fieldID: 101, data_type: 'FloatVector', type_params: [{ key: 'dim', value: '2' }] },
  { name: 'title', fieldID: 102, data_type: 'VarChar', type_params: [{ key: 'max_length', value: '64' }] },
];
const described = {
  status,
  collectionID: 7,
  consistency_level: 'Bounded',
  schema: { name: 'things', fields },
};
const titles = { type: 'VarChar', field_name: 'title', scalars: { string_data: { data: ['a', 'b'] } } };
const ids = { int_id: { data: [1, 2] } };
const results = {
  ...{ primary_field_name: 'id', num_queries: 1, top_k: 2, topks: [2], scores: [1, 0.5], ids },
  ...{ fields_data: [titles], output_fields: ['title'] },
};
const numbers = { type: 'Int64', field_name: 'id', scalars: { long_data: { data: [1, 2] } } };
const written = { status, IDs: ids, succ_index: [0, 1], insert_cnt: 2, upsert_cnt: 2, delete_cnt: 2 };
const ANSWERS = {
  ...{
    Search: { status, results },
    HybridSearch: { status, results },
    HasCollection: { status, value: true },
  },
  ...{ Query: { status, fields_data: [numbers, titles] }, Insert: written, Upsert: written, Delete: written },
  ...{ DropCollection: status, LoadCollection: status, ReleaseCollection: status },
  ...{ CreateCollection: status, CreateIndex: status, Flush: { status, coll_segIDs: {} } },
  ...{ GetFlushState: { status, flushed: true }, GetLoadingProgress: { status, progress: '100' } },
  ShowCollections: { status, collection_names: ['things'], collection_ids: [7], created_timestamps: [1] },
};
/** Asked by the client by itself, now and then. */
const ALWAYS = {
  Connect: { status, identifier: 1, server_info: { build_tags: '2.6.0' } },
  GetVersion: { status, version: '2.6.0' },
  DescribeCollection: described,
};

/** gRPC gives up early where its time limits are short. */
exports.keepsTime = true;
exports.startServer = async () => {
  const grpc = requireOfStores('@grpc/grpc-js');
  const { fromJSON } = requireOfStores('@grpc/proto-loader');
  const file = 'node_modules/milvus-3/dist/milvus/proto-json/milvus.js';
  const { default: json } = requireOfStores(join(__dirname, '../../fixtures/sdks/vector-stores', file));
  const options = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
  const service = fromJSON(json, options)['milvus.proto.milvus.MilvusService'];
  const desk = grpcDesk((code, details) => Object.assign(new Error(details), { code, details }));
  const answering = ([name, proper]) => [
    name,
    ({ request, metadata }, callback) => {
      try {
        callback(null, desk.answered(name, request, Object.keys(metadata.toJSON()), proper));
      } catch (error) {
        callback(error);
      }
    },
  ];
  const server = new grpc.Server();
  server.addService(service, {
    ...Object.fromEntries(Object.entries(ANSWERS).map(answering)),
    ...Object.fromEntries(
      Object.entries(ALWAYS).map(([name, proper]) => [name, (_call, callback) => callback(null, proper)]),
    ),
  });
  const port = await new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { url: `127.0.0.1:${port}`, ...desk.asServer, close: () => server.forceShutdown() };
};
exports.start = async (load, address) => {
  const { MilvusClient } = await load('@zilliz/milvus2-sdk-node');
  const client = new MilvusClient({ address, maxRetries: 0 });
  await client.connectPromise;
  const at = { collection_name: 'things' };
  const data = [1, 2].map((id) => ({ id, vector: [0.1, 0.2], title: 'a' }));
  return methods(
    [client],
    [
      ['search', { ...at, data: [0.1, 0.2], limit: 2, filter: 'a == "b"', output_fields: ['title'] }],
      [
        'search',
        {
          ...at,
          data: [
            [0.1, 0.2],
            [0.3, 0.4],
          ],
          limit: 2,
        },
      ],
      ['search', { ...at, data: [{ data: [0.1, 0.2], anns_field: 'vector' }], limit: 2 }],
      ['query', { ...at, filter: 'a == "b"', output_fields: ['id', 'title'], limit: 2 }],
      ['get', { ...at, ids: [1, 2] }],
      ['count', at],
      ['insert', { ...at, data }],
      ['upsert', { ...at, data }],
      ['delete', { ...at, ids: [1, 2] }],
      ['deleteEntities', { ...at, filter: 'a == "b"' }],
      ['hasCollection', at],
      ['dropCollection', at],
      ['describeCollection', at],
      ['loadCollection', at],
      ['loadCollectionAsync', at],
      ['loadCollectionSync', at],
      ['releaseCollection', at],
      ['showCollections'],
      ['createCollection', { ...at, dimension: 2 }],
      ['hybridSearch', { ...at, data: [{ data: [0.1, 0.2], anns_field: 'vector' }], limit: 2 }],
      ['flush', { collection_names: ['things'] }],
      ['flushSync', { collection_names: ['things'] }],
    ],
    () => undefined,
  );
};
