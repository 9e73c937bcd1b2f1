'use strict';
const { methods } = require('../methods.cjs');

const point = { id: 1, version: 0, score: 0.9, payload: { a: 1 }, vector: null };
const result = (value) => ({ json: { result: value, status: 'ok', time: 0.001 } });

exports.answer = ({ url, method }) => {
  if (/batch/.test(url) && method === 'POST' && !url.includes('/points/batch'))
    return result([url.includes('query') ? { points: [point] } : [point]]);
  if (url.includes('/groups')) return result({ groups: [{ id: 'g', hits: [point] }] });
  if (url.includes('/facet')) return result({ hits: [{ value: 'a', count: 1 }] });
  if (url.includes('/matrix/pairs')) return result({ pairs: [{ a: 1, b: 2, score: 0.5 }] });
  if (url.endsWith('/exists')) return result({ exists: true });
  if (/\/collections$/.test(url)) return result({ collections: [{ name: 'things' }] });
  if (url.includes('/points/query')) return result({ points: [point] });
  if (url.includes('/points/scroll')) return result({ points: [point], next_page_offset: null });
  if (/\/points\/(search|recommend|discover)/.test(url)) return result([point]);
  if (url.includes('/points/count')) return result({ count: 1 });
  if (method === 'PUT' || url.includes('delete')) return result({ operation_id: 1, status: 'completed' });
  return result([point]);
};
exports.start = async (load, url) => {
  const { QdrantClient } = await load('@qdrant/js-client-rest');
  const client = new QdrantClient({ url, checkCompatibility: false });
  return methods(
    [client],
    [
      ['query', 'things', { query: [0.1, 0.2], limit: 3, filter: { must: [] }, with_payload: true }],
      ['search', 'things', { vector: [0.1], limit: 2 }],
      ['upsert', 'things', { wait: true, points: [{ id: 1, vector: [0.1], payload: { a: 1 } }] }],
      ['scroll', 'things', { limit: 2 }],
      ['retrieve', 'things', { ids: [1] }],
      ['delete', 'things', { points: [1] }],
      ['count', 'things', { exact: true }],
      ['queryBatch', 'things', { searches: [{ query: [0.1], limit: 1 }] }],
      ['queryGroups', 'things', { query: [0.1], group_by: 'a', limit: 1 }],
      ['searchBatch', 'things', { searches: [{ vector: [0.1], limit: 1 }] }],
      ['searchPointGroups', 'things', { vector: [0.1], group_by: 'a', limit: 1 }],
      ['recommend', 'things', { positive: [1], negative: [[0.1]], limit: 1 }],
      ['recommendBatch', 'things', { searches: [{ positive: [1], limit: 1 }] }],
      ['recommend_batch', 'things', { searches: [{ positive: [1], limit: 1 }] }],
      ['recommendPointGroups', 'things', { positive: [1], group_by: 'a', limit: 1 }],
      ['discoverPoints', 'things', { target: [0.1], context: [], limit: 1 }],
      ['discoverBatchPoints', 'things', { searches: [{ target: [0.1], limit: 1 }] }],
      ['facet', 'things', { key: 'a', limit: 2 }],
      ['searchMatrixPairs', 'things', { sample: 2, limit: 2 }],
      ['searchMatrixOffsets', 'things', { sample: 2, limit: 2 }],
      ['updateVectors', 'things', { points: [{ id: 1, vector: [0.1] }] }],
      ['deleteVectors', 'things', { points: [1], vector: ['a'] }],
      ['setPayload', 'things', { points: [1], payload: { a: 1 } }],
      ['overwritePayload', 'things', { points: [1], payload: { a: 1 } }],
      ['deletePayload', 'things', { points: [1], keys: ['a'] }],
      ['clearPayload', 'things', { points: [1] }],
      ['batchUpdate', 'things', { operations: [{ delete: { points: [1] } }] }],
      ['createCollection', 'things', { vectors: { size: 2, distance: 'Cosine' } }],
      ['recreateCollection', 'things', { vectors: { size: 2, distance: 'Cosine' } }],
      ['updateCollection', 'things', { optimizers_config: {} }],
      ['deleteCollection', 'things'],
      ['getCollection', 'things'],
      ['getCollections'],
      ['collectionExists', 'things'],
      ['createPayloadIndex', 'things', { field_name: 'a', field_schema: 'keyword' }],
      ['deletePayloadIndex', 'things', 'a'],
    ],
    () => undefined,
  );
};
