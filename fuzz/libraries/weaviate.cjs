'use strict';
const { join } = require('node:path');
const { grpcDesk, requireOfStores } = require('../grpc.cjs');
const { methods } = require('../methods.cjs');
const startRest = require('../server.cjs');

const ID = '00000000-0000-4000-8000-000000000001';
const result = {
  metadata: {
    id: ID,
    distance: 0.5,
    distancePresent: true,
    score: 0,
    generative: 'b',
    generativePresent: true,
  },
  properties: { nonRefProps: { fields: { title: { textValue: 'a' } } } },
  generative: { values: [{ result: 'b' }] },
};
const ANSWERS = {
  search: {
    ...{ took: 0.5, results: [result, result], generativeGroupedResult: 'b' },
    generativeGroupedResults: { values: [{ result: 'b' }] },
  },
  batchObjects: { took: 0.5, errors: [] },
  batchDelete: { took: 0.5, failed: 0, matches: 2, successful: 2 },
  aggregate: { took: 0.5, singleResult: { objectsCount: 42 } },
};
const PROTO = join(
  __dirname,
  '../../fixtures/sdks/vector-stores/node_modules/weaviate-3.14/dist/node/cjs/proto',
);
/** Of its REST API. */
exports.answer = ({ url, method, body }) => {
  if (url.startsWith('/v1/meta')) return { json: { version: '1.31.0', hostname: 'fake' } };
  if (url.startsWith('/v1/graphql'))
    return { json: { data: { Aggregate: { Things: [{ meta: { count: 42 } }] } } } };
  if (url.startsWith('/v1/schema') && method === 'GET')
    return { json: url === '/v1/schema' ? { classes: [{ class: 'Things' }] } : { class: 'Things' } };
  return method === 'DELETE' ? { bytes: Buffer.alloc(0) } : { json: { id: ID, ...body } };
};
/** gRPC gives up early where its time limits are short. */
exports.keepsTime = true;
exports.startServer = async (table) => {
  const { createServer, ServerError } = requireOfStores('nice-grpc');
  const { WeaviateDefinition } = requireOfStores(join(PROTO, 'v1/weaviate.js'));
  const { HealthDefinition } = requireOfStores(join(PROTO, 'google/health/v1/health.js'));
  const rest = await startRest(table);
  const desk = grpcDesk((code, details) => new ServerError(code, details));
  const unanswered = ({ methods: all }) =>
    Object.fromEntries(Object.keys(all).map((name) => [name, async () => ({})]));
  const answering = ([name, proper]) => [
    name,
    async (request, { metadata }) =>
      desk.answered(
        name,
        request,
        [...metadata].map(([key]) => key),
        proper,
      ),
  ];
  const grpc = createServer();
  grpc.add(HealthDefinition, { ...unanswered(HealthDefinition), check: async () => ({ status: 1 }) });
  grpc.add(WeaviateDefinition, {
    ...unanswered(WeaviateDefinition),
    ...Object.fromEntries(Object.entries(ANSWERS).map(answering)),
  });
  const port = await grpc.listen('127.0.0.1:0');
  return {
    url: `${rest.url}/?grpc=${port}`,
    serve(seed, note) {
      rest.serve(seed, note);
      desk.asServer.serve(seed, note);
    },
    isAnswering: () => rest.isAnswering() || desk.asServer.isAnswering(),
    activity: () => rest.activity() + desk.asServer.activity(),
    close() {
      rest.close();
      grpc.forceShutdown();
    },
  };
};
exports.start = async (load, url) => {
  const loaded = await load('weaviate-client');
  const weaviate = loaded.default?.default ?? loaded.default;
  const { hostname, port, searchParams } = new URL(url);
  const options = { host: hostname, port: Number(port), grpcPort: Number(searchParams.get('grpc')) };
  const client = await connected(() => weaviate.connectToLocal({ ...options, timeout: { init: 60 } }));
  const insertable = { id: ID, properties: { title: 'a' }, vectors: [0.1, 0.2] };
  const asked = { singlePrompt: 'b {title}', groupedTask: 'c' };
  const ofClient = methods(
    [client],
    [
      ['collections.create', { name: 'Others' }],
      ['collections.listAll'],
      ['collections.delete', 'Others'],
      ['collections.exists', 'Things'],
    ],
    () => undefined,
  );
  const ofCollection = methods(
    [client.collections.get('Things')],
    [
      ['query.nearText', 'a', { limit: 2, returnMetadata: ['distance'] }],
      ['query.nearVector', [0.1, 0.2], { limit: 2, includeVector: true }],
      ['query.nearObject', ID],
      ['query.bm25', 'a', { limit: 1 }],
      ['query.hybrid', 'a', { limit: 1, alpha: 0.5 }],
      ['query.fetchObjects', { limit: 3 }],
      ['query.fetchObjectById', ID],
      ['query.nearImage', 'AAAA', { limit: 1 }],
      ['query.nearMedia', 'AAAA', 'audio', { limit: 1 }],
      ['generate.nearText', 'a', asked, { limit: 2 }],
      ['generate.nearVector', [0.1, 0.2], asked, { limit: 2 }],
      ['generate.nearObject', ID, asked],
      ['generate.nearImage', 'AAAA', asked, { limit: 1 }],
      ['generate.nearMedia', 'AAAA', 'audio', asked, { limit: 1 }],
      ['generate.bm25', 'a', asked, { limit: 1 }],
      ['generate.hybrid', 'a', asked, { limit: 1 }],
      ['generate.fetchObjects', { singlePrompt: 'b {title}' }, { limit: 1 }],
      ['data.insert', insertable],
      ['data.insertMany', [insertable]],
      ['data.update', { id: ID, properties: { title: 'a' } }],
      ['data.replace', { id: ID, properties: { title: 'a' } }],
      ['data.deleteById', ID],
      ['data.deleteMany', { operator: 'Equal', target: { property: 'title' }, value: 'a' }],
      ['data.exists', ID],
      ['data.referenceAdd', { fromProperty: 'other', fromUuid: ID, to: ID }],
      ['data.referenceReplace', { fromProperty: 'other', fromUuid: ID, to: ID }],
      ['data.referenceDelete', { fromProperty: 'other', fromUuid: ID, to: ID }],
      ['data.referenceAddMany', [{ fromProperty: 'other', fromUuid: ID, to: ID }]],
      ['config.get'],
      ['aggregate.overAll'],
      ['aggregate.nearText', 'a', { objectLimit: 2 }],
      ['aggregate.nearVector', [0.1, 0.2], { objectLimit: 2 }],
      ['aggregate.nearObject', ID, { objectLimit: 2 }],
      ['aggregate.nearImage', 'AAAA', { objectLimit: 2 }],
      ['aggregate.hybrid', 'a', { objectLimit: 2 }],
    ],
    () => undefined,
  );
  return [...ofCollection, ...ofClient];
};

/** The server may answer anything. */
async function connected(connect) {
  for (;;) {
    try {
      return await connect();
    } catch {}
  }
}
