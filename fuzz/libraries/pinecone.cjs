'use strict';
const { methods } = require('../methods.cjs');

exports.answer = ({ url }) => {
  if (url.includes('/query'))
    return {
      json: {
        matches: [{ id: 'a', score: 0.9, values: [], metadata: { t: 1 } }],
        namespace: 'n',
        usage: { readUnits: 5 },
      },
    };
  if (url.includes('/upsert')) return { json: { upsertedCount: 1 } };
  if (url.includes('/fetch'))
    return { json: { vectors: { a: { id: 'a', values: [0.1] } }, namespace: 'n', usage: { readUnits: 1 } } };
  return { json: {} };
};
exports.start = async (load, url) => {
  const { Pinecone, Index } = await load('@pinecone-database/pinecone');
  const client = new Pinecone({ apiKey: 'none', controllerHostUrl: url, maxRetries: 1 });
  const isOld = !('upsertRecords' in Index.prototype && client.inference.embed.length === 1);
  const index = isOld
    ? client.index('things', url).namespace('n')
    : client.index({ name: 'things', host: url, namespace: 'n' });
  const records = [{ id: 'a', values: [0.1, 0.2], metadata: { t: 1 } }];
  return methods(
    [index],
    [
      ['query', { vector: [0.1, 0.2], topK: 2, filter: { t: { $eq: 1 } }, includeMetadata: true }],
      ['query', { id: 'a', topK: 2 }],
      ['upsert', isOld ? records : { records }],
      ['fetch', isOld ? ['a'] : { ids: ['a'] }],
      ['update', { id: 'a', values: [0.1, 0.3] }],
      ['deleteOne', isOld ? 'a' : { id: 'a' }],
    ],
    () => undefined,
  );
};
