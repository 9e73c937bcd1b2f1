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
const ANSWERS = {
  ...{ query: points, search: points, scroll: points, get: points },
  ...{ queryBatch: { result: [{ result: found }], time: 0 }, count: { result: { count: 4n }, time: 0 } },
  ...{ upsert: completed, delete: completed, setPayload: completed },
};

/** gRPC gives up early where its time limits are short. */
exports.keepsTime = true;
exports.startServer = async () => {
  const folder = join(__dirname, '../../fixtures/sdks/vector-stores/node_modules/qdrant-grpc-1.18');
  const requireOfQdrant = createRequire(join(folder, 'package.json'));
  const { connectNodeAdapter } = requireOfQdrant('@connectrpc/connect-node');
  const { ConnectError } = requireOfQdrant('@connectrpc/connect');
  const { Points } = requireOfQdrant(join(folder, 'dist/cjs/proto/points_service_pb.js'));
  const desk = grpcDesk((code, message) => new ConnectError(message, code));
  const answering = ([name, proper]) => [
    name,
    (request, { requestHeader }) => desk.answered(name, request, requestHeader.keys(), proper),
  ];
  const handlers = Object.fromEntries(Object.entries(ANSWERS).map(answering));
  const server = http2.createServer(
    connectNodeAdapter({ routes: (router) => void router.service(Points, handlers) }),
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
  return methods(
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
    ],
  );
};
