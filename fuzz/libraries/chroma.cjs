'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { methods } = require('../methods.cjs');

const collection = {
  id: '0b0b0b0b-0000-4000-8000-000000000000',
  name: 'things',
  metadata: {},
  tenant: 'default_tenant',
  database: 'default_database',
  configuration_json: {},
};
let isReady = false;

exports.answer = ({ url, method }) => {
  if (url.endsWith('/query'))
    return {
      json: {
        ids: [['a']],
        distances: [[0.1]],
        documents: [['x']],
        metadatas: [[null]],
        embeddings: null,
        included: ['distances'],
      },
    };
  if (url.endsWith('/get'))
    return { json: { ids: ['a'], documents: ['x'], metadatas: [null], embeddings: null, included: [] } };
  if (url.endsWith('/search'))
    return {
      json: { ids: [['a']], scores: [[0.1]], documents: [['x']], metadatas: [[null]], embeddings: [null] },
    };
  if (/\/collections_count|\/count$/.test(url)) return { json: 1 };
  if (/\/collections(\?|$)/.test(url) && method === 'GET') return { json: [collection] };
  if (/\/collections\/?$/.test(url)) return { json: collection };
  return { json: isReady ? true : collection };
};
exports.start = async (load, url) => {
  const { ChromaClient, Search } = await load('chromadb');
  const { hostname, port } = new URL(url);
  const client = Search
    ? new ChromaClient({ host: hostname, port: Number(port) })
    : new ChromaClient({ path: url });
  const embeddingFunction = { name: 'own', generate: async (texts) => texts.map(() => [0.1]) };
  const things = await made(() => client.getOrCreateCollection({ name: 'things', embeddingFunction }));
  isReady = true;
  const named = ['createCollection', 'getCollection', 'getOrCreateCollection'].map((name) => ({
    name: `client.${name}`,
    run: (random) =>
      client[name]({ ...awkwardRequest(random, { name: 'things', metadata: {} }), embeddingFunction }),
  }));
  const ofClient = methods(
    [client],
    [
      ['listCollections', { limit: 2 }],
      ['countCollections'],
      ['deleteCollection', { name: 'things' }],
      ['version'],
    ],
    () => undefined,
  );
  const ofCollection = methods(
    [things],
    [
      ['query', { queryEmbeddings: [[0.1]], nResults: 1, where: { t: 1 } }],
      ['query', { queryTexts: ['a'], nResults: 1 }],
      ['add', { ids: ['a'], documents: ['x'], embeddings: [[0.1]] }],
      ['upsert', { ids: ['a'], documents: ['x'] }],
      ['get', { ids: ['a'] }],
      ['delete', { ids: ['a'] }],
      ['count'],
      ['update', { ids: ['a'], documents: ['x'], embeddings: [[0.1]] }],
      ['peek', { limit: 2 }],
      ['modify', { metadata: { t: 1 } }],
      ['fork', { name: 'others' }],
      ['search', { rank: { $knn: { query: [0.1], limit: 2 } }, limit: { limit: 1 } }],
    ],
    () => undefined,
  );
  return [...ofCollection, ...ofClient, ...named];
};

/** The server may answer anything. */
async function made(create) {
  for (;;) {
    try {
      const found = await create();
      if (found?.id === collection.id) return found;
    } catch {}
  }
}
