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
  if (url.includes('/search'))
    return {
      json: {
        result: { hits: [{ _id: 'a', _score: 0.9, fields: { t: 1 } }] },
        ...{ matches: [{ _id: 'a', _score: 0.9, t: 1 }], usage: { read_units: 5, rerank_units: 1 } },
      },
    };
  if (url.endsWith('/embed'))
    return { json: { model: 'e', data: [{ values: [0.1] }], usage: { total_tokens: 2 } } };
  if (url.endsWith('/rerank'))
    return {
      json: {
        model: 'r',
        data: [{ index: 0, score: 0.9, document: { text: 'a' } }],
        usage: { rerank_units: 1 },
      },
    };
  if (url.includes('/vectors/list')) return { json: { vectors: [{ id: 'a' }], namespace: 'n' } };
  if (url.includes('/describe_index_stats'))
    return { json: { namespaces: { n: { vectorCount: 1 } }, dimension: 2, totalVectorCount: 1 } };
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
  const ids = ['a'];
  const filter = { t: { $eq: 1 } };
  const [model, input, query] = ['m', { inputType: 'query' }, 'hello'];
  const texts = [{ id: 'a', text: 'a' }];
  const inference = methods(
    [client],
    [
      isOld
        ? ['inference.embed', model, ['a'], input]
        : ['inference.embed', { model, inputs: ['a'], parameters: input }],
      isOld
        ? ['inference.rerank', model, query, texts, { topN: 1 }]
        : ['inference.rerank', { model, query, documents: texts, topN: 1 }],
    ],
    () => undefined,
  );
  const scoreBy = [{ type: 'text', field: 'text', query }];
  const preview = client.preview?.index({ name: 'things', host: url });
  const OF_DOCUMENTS = [
    ['search', { scoreBy, topK: 2, filter }],
    ['upsert', { documents: [{ _id: 'a', text: 'a' }] }],
    ['fetch', { ids }],
    ['update', { documents: [{ _id: 'a', text: 'b' }] }],
    ['list', { limit: 2 }],
    ['delete', { ids }],
  ];
  // In pinecone 8 they are a preview, whose methods take the namespace first.
  const documents = preview
    ? methods(
        [preview],
        OF_DOCUMENTS.map(([name, options]) => [`${name}Documents`, 'n', options]),
        () => undefined,
      )
    : methods(
        [index],
        OF_DOCUMENTS.map(([name, options]) => [`documents.${name}`, options]),
        () => undefined,
      );
  const vectors = methods(
    [index],
    [
      ['query', { vector: [0.1, 0.2], topK: 2, filter, includeMetadata: true }],
      ['query', { id: 'a', topK: 2 }],
      ['upsert', isOld ? records : { records }],
      ['fetch', isOld ? ids : { ids }],
      ['fetchByMetadata', { filter, limit: 2 }],
      ['update', { id: 'a', values: [0.1, 0.3] }],
      ['deleteOne', isOld ? 'a' : { id: 'a' }],
      ['deleteMany', isOld ? ids : { ids }],
      ['deleteMany', isOld ? filter : { filter }],
      ['deleteAll'],
      ['listPaginated', { limit: 2 }],
      ['describeIndexStats'],
      ['upsertRecords', { records: [{ id: 'a', chunk_text: 'a' }] }],
      ['searchRecords', { query: { topK: 2, inputs: { text: query }, filter } }],
    ],
    () => undefined,
  );
  return [...vectors, ...inference, ...documents];
};
