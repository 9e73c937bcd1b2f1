'use strict';
const { once } = require('node:events');
const http2 = require('node:http2');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { grpcDesk } = require('../grpc.cjs');
const { methods } = require('../methods.cjs');

const id = (value) => ({ pointIdOptions: { case: 'num', value: BigInt(value) } });
const payload = { title: { kind: { case: 'stringValue', value: 'a' } } };
const found = [{ id: id(1), score: 0.5, payload }];
const completed = { result: { operationId: 1n, status: 2 }, time: 0 };
const points = { result: found, time: 0 };
const inGroups = { result: { groups: [{ hits: found }] }, time: 0 };
const ANSWERS = {
  ...{ query: points, search: points, scroll: points, get: points },
  ...{ queryBatch: { result: [{ result: found }], time: 0 }, count: { result: { count: 4n }, time: 0 } },
  ...{ upsert: completed, delete: completed, setPayload: completed },
  ...{ searchBatch: { result: [{ result: found }], time: 0 }, recommend: points, discover: points },
  ...{ queryGroups: inGroups, searchGroups: inGroups, recommendGroups: inGroups },
  recommendBatch: { result: [{ result: found }], time: 0 },
  facet: { hits: [{ value: { variant: { case: 'stringValue', value: 'a' } }, count: 1n }], time: 0 },
  ...{ updateVectors: completed, deleteVectors: completed, overwritePayload: completed },
  ...{ deletePayload: completed, clearPayload: completed, updateBatch: { result: [], time: 0 } },
};
const done = { result: true, time: 0 };
const ANSWERS_ABOUT_COLLECTIONS = {
  ...{ create: done, update: done, delete: done, collectionExists: { result: { exists: true }, time: 0 } },
  ...{ get: { result: { status: 1 }, time: 0 }, list: { collections: [{ name: 'things' }], time: 0 } },
};

/** gRPC gives up early where its time limits are short. */
exports.keepsTime = true;
exports.startServer = async () => {
  const folder = join(__dirname, '../../fixtures/sdks/vector-stores/node_modules/qdrant-grpc-1.18');
  const requireOfQdrant = createRequire(join(folder, 'package.json'));
  const { connectNodeAdapter } = requireOfQdrant('@connectrpc/connect-node');
  const { ConnectError } = requireOfQdrant('@connectrpc/connect');
  const proto = (name) => requireOfQdrant(join(folder, `dist/cjs/proto/${name}_service_pb.js`));
  const desk = grpcDesk((code, message) => new ConnectError(message, code));
  const answering = ([name, proper]) => [
    name,
    (request, { requestHeader }) => desk.answered(name, request, requestHeader.keys(), proper),
  ];
  const handlers = (answers) => Object.fromEntries(Object.entries(answers).map(answering));
  const server = http2.createServer(
    connectNodeAdapter({
      routes(router) {
        router.service(proto('points').Points, handlers(ANSWERS));
        router.service(proto('collections').Collections, handlers(ANSWERS_ABOUT_COLLECTIONS));
      },
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    ...desk.asServer,
    close: () => server.close(),
  };
};
exports.start = async (load, url) => {
  const { QdrantClient } = await load('@qdrant/js-client-grpc');
  const client = new QdrantClient({ url, checkCompatibility: false });
  const at = { collectionName: 'things' };
  const data = [0.1, 0.2];
  const query = { variant: { case: 'nearest', value: { variant: { case: 'dense', value: { data } } } } };
  const point = { id: id(1), payload, vectors: { vectorsOptions: { case: 'vector', value: { data } } } };
  const byIds = { pointsSelectorOneOf: { case: 'points', value: { ids: [id(1)] } } };
  const vectors = [{ id: id(1), vectors: point.vectors }];
  const grouped = { ...at, groupBy: 'title', groupSize: 1, limit: 2 };
  const ofCollections = methods(
    [client.api('collections')],
    [
      ['create', at],
      ['update', at],
      ['delete', at],
      ['get', at],
      ['list', {}],
      ['collectionExists', at],
    ],
  );
  const ofPoints = methods(
    [client.api('points')],
    [
      ['query', { ...at, query, limit: 2n, filter: { must: [] } }],
      ['queryBatch', { ...at, queryPoints: [{ ...at, query, limit: 1n }] }],
      ['search', { ...at, vector: data, limit: 2n }],
      ['scroll', { ...at, limit: 2 }],
      ['get', { ...at, ids: [id(1)] }],
      ['count', at],
      ['upsert', { ...at, points: [point] }],
      ['delete', { ...at, points: byIds }],
      ['setPayload', { ...at, payload, pointsSelector: byIds }],
      ['overwritePayload', { ...at, payload, pointsSelector: byIds }],
      ['deletePayload', { ...at, keys: ['title'], pointsSelector: byIds }],
      ['clearPayload', { ...at, points: byIds }],
      ['updateVectors', { ...at, points: vectors }],
      ['deleteVectors', { ...at, pointsSelector: byIds, vectors: { names: ['a'] } }],
      [
        'updateBatch',
        { ...at, operations: [{ operation: { case: 'clearPayload', value: { points: byIds } } }] },
      ],
      ['searchBatch', { ...at, searchPoints: [{ ...at, vector: data, limit: 1n }] }],
      ['recommend', { ...at, positive: [id(1)], limit: 2n }],
      ['recommendBatch', { ...at, recommendPoints: [{ ...at, positive: [id(1)], limit: 1n }] }],
      ['discover', { ...at, limit: 2n }],
      ['queryGroups', { ...grouped, query, limit: 2n, groupSize: 1n }],
      ['searchGroups', { ...grouped, vector: data }],
      ['recommendGroups', { ...grouped, positive: [id(1)] }],
      ['facet', { ...at, key: 'title', limit: 2n }],
    ],
  );
  return [...ofPoints, ...ofCollections];
};
