'use strict';
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

exports.answer = ({ url }) => {
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
  if (url.endsWith('/count')) return { json: 1 };
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
  return methods(
    [things],
    [
      ['query', { queryEmbeddings: [[0.1]], nResults: 1, where: { t: 1 } }],
      ['query', { queryTexts: ['a'], nResults: 1 }],
      ['add', { ids: ['a'], documents: ['x'], embeddings: [[0.1]] }],
      ['upsert', { ids: ['a'], documents: ['x'] }],
      ['get', { ids: ['a'] }],
      ['delete', { ids: ['a'] }],
      ['count'],
    ],
    () => undefined,
  );
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
