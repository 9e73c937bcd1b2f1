'use strict';
const { methods } = require('../methods.cjs');

const point = { id: 1, version: 0, score: 0.9, payload: { a: 1 }, vector: null };
const result = (value) => ({ json: { result: value, status: 'ok', time: 0.001 } });

exports.answer = ({ url, method }) => {
  if (url.includes('/points/query')) return result({ points: [point] });
  if (url.includes('/points/scroll')) return result({ points: [point], next_page_offset: null });
  if (/\/points\/(search|recommend)/.test(url)) return result([point]);
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
    ],
    () => undefined,
  );
};
