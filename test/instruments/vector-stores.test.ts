import { describe, expect, it } from 'vitest';
import { collectionMethods } from '../../src/instruments/chroma/collection';
import type { DatabaseMethods } from '../../src/instruments/database/patch';
import { databaseRequestAttributes, resultEvents } from '../../src/instruments/database/to-attributes';
import { resultsOf, rowCount } from '../../src/instruments/lancedb/rows';
import { mergeMethods, tableMethods } from '../../src/instruments/lancedb/table';
import { dataMethods, collectionMethods as milvusCollections } from '../../src/instruments/milvus/methods';
import { documents, previewDocuments } from '../../src/instruments/pinecone/documents';
import { embed, rerank } from '../../src/instruments/pinecone/inference';
import { records, vectors } from '../../src/instruments/pinecone/vectors';
import { grpcMethods } from '../../src/instruments/qdrant/grpc';
import { restMethods } from '../../src/instruments/qdrant/rest';
import { aggregateMethods, generateMethods, queryMethods } from '../../src/instruments/weaviate/managers';

const TABLES: Record<string, DatabaseMethods> = {
  chroma: collectionMethods,
  lancedb: tableMethods,
  'lancedb merge': mergeMethods,
  milvus: dataMethods,
  'milvus collections': milvusCollections,
  pinecone: { ...vectors, ...records },
  'pinecone documents': documents,
  'pinecone preview': previewDocuments,
  qdrant: restMethods,
  'qdrant grpc points': grpcMethods('points', 'http://localhost:6334'),
  'qdrant grpc collections': grpcMethods('collections', undefined),
  'weaviate query': queryMethods,
  'weaviate generate': generateMethods,
  'weaviate aggregate': aggregateMethods,
};

/** What no well-meaning app or server sends, and some do. */
const ODD: unknown[] = [
  undefined,
  null,
  0,
  '',
  'text',
  [],
  [null],
  [[]],
  [[null]],
  {},
  { ids: null, points: 7, query: null, result: [null], results: [[null]], objects: [null], data: [7] },
  { ids: [{}], vector: {}, matches: {}, records: [null], status: 'x', queryTexts: [null] },
];

describe.each(Object.entries(TABLES))('%s', (_name, methods) => {
  it.each(Object.entries(methods))('%s makes something of anything', (_method, { request, response }) => {
    for (const odd of ODD) {
      for (const args of [[], [odd], ['name', odd], [odd, odd, odd]]) {
        expect(() => databaseRequestAttributes(request(args, odd), true)).not.toThrow();
      }
      expect(() => resultEvents(response?.(odd, [odd], odd) ?? {}, true)).not.toThrow();
    }
  });
});

describe('pinecone', () => {
  const index = { target: { index: 'articles', namespace: 'n', indexHostUrl: 'articles-1.svc.pinecone.io' } };

  it('reads arguments of all majors', () => {
    const of = (method: string, ...args: unknown[]) => vectors[method]!.request(args, index);
    expect(of('query', { vector: [1, 2], topK: 3, namespace: 'other' })).toMatchObject({
      collection: 'articles',
      namespace: 'other',
      serverAddress: 'articles-1.svc.pinecone.io',
      serverPort: 443,
      dimensions: 2,
      topK: 3,
    });
    expect(of('upsert', [{}, {}])).toMatchObject({ namespace: 'n', addCount: 2 });
    expect(of('upsert', { records: [{}] })).toMatchObject({ addCount: 1 });
    expect(of('deleteMany', ['a', 'b'])).toMatchObject({ ids: ['a', 'b'], deleteCount: 2 });
    expect(of('deleteMany', { genre: 'x' })).toMatchObject({
      filter: { genre: 'x' },
      deleteCount: undefined,
    });
    expect(of('deleteOne', 'a')).toMatchObject({ ids: 'a', deleteCount: 1 });
  });

  it('takes inference for what it is: calls of models', () => {
    const client = { config: { controllerHostUrl: 'http://localhost:5080' } };
    expect(
      embed.request([{ model: 'e5', inputs: ['text'], parameters: { inputType: 'query' } }], client),
    ).toEqual({
      operation: 'embeddings',
      provider: 'pinecone',
      model: 'e5',
      serverAddress: 'localhost',
      serverPort: 5080,
      dimensions: undefined,
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'text' }] }],
      extra: { 'pinecone.request.input_type': 'query' },
    });
    expect(embed.response({ model: 'e5', data: [{ values: [1, 2, 3] }], usage: { totalTokens: 0 } })).toEqual(
      {
        model: 'e5',
        dimensions: 3,
        usage: { input: 0 },
      },
    );
    const { messages, serverAddress } = rerank.request(
      ['bge', 'query', ['one', { text: 'two' }], { topN: 1 }],
      {},
    );
    expect(serverAddress).toBe('api.pinecone.io');
    expect(messages?.[0]?.parts).toEqual(
      ['query', 'one', 'two'].map((content) => ({ type: 'text', content })),
    );
    for (const odd of ODD) {
      expect(() =>
        [embed, rerank].map(({ request, response }) => [request([odd], odd), response(odd)]),
      ).not.toThrow();
    }
  });
});

describe('qdrant', () => {
  it('finds what is searched for, however it is wrapped', () => {
    const of = (query: unknown, more = {}) => restMethods.query!.request(['c', { query, ...more }], {});
    expect(of([1, 2])).toMatchObject({ dimensions: 2 });
    expect(of({ nearest: [1, 2] })).toMatchObject({ dimensions: 2 });
    expect(of({ nearest: { text: 'words', model: 'm' } })).toMatchObject({ queryText: 'words' });
    expect(of('a-uuid')).toMatchObject({ ids: 'a-uuid' });
    expect(of({ fusion: 'rrf' }, { prefetch: { query: [1, 2, 3], filter: 'f' } })).toMatchObject({
      dimensions: 3,
      filter: 'f',
      extra: { 'qdrant.query.fusion': 'rrf' },
    });
    expect(
      of([
        [1, 2],
        [3, 4],
      ]),
    ).toMatchObject({ dimensions: 2 });
  });

  it('reads messages of protocol buffers', () => {
    const { query } = grpcMethods('points', 'http://localhost:6334');
    const dense = { variant: { case: 'dense', value: { data: new Float32Array(8) } } };
    const request = { collectionName: 'c', limit: 5n, query: { variant: { case: 'nearest', value: dense } } };
    expect(query!.request([request], {})).toMatchObject({
      collection: 'c',
      topK: 5,
      dimensions: 8,
      serverAddress: 'localhost',
      serverPort: 6334,
    });
    const list = {
      kind: { case: 'listValue', value: { values: [{ kind: { case: 'integerValue', value: 1n } }] } },
    };
    const result = [{ id: { pointIdOptions: { case: 'num', value: 7n } }, score: 0.5, payload: { list } }];
    expect(query!.response?.({ result }, [], {})).toEqual({
      results: [{ id: 7, score: 0.5, metadata: { list: [1n] }, query: undefined }],
    });
  });
});

describe('chroma', () => {
  it('reads searches, built or plain, and results by columns', () => {
    const { search, query } = collectionMethods;
    const payload = { rank: { $mul: [{ $val: 2 }, { $knn: { query: 'words' } }] }, limit: { limit: 5 } };
    expect(search!.request([{ toPayload: () => payload }], { name: 'c' })).toMatchObject({
      collection: 'c',
      queryText: 'words',
      topK: 5,
    });
    const columns = {
      ids: [['a'], ['b', 'c']],
      distances: [[0.5], [0.25, null]],
      documents: [[null], ['x', 'y']],
    };
    expect(query!.response?.(columns, [], {})).toMatchObject({
      resultCount: 3,
      results: [
        { id: 'a', distance: 0.5, query: 0 },
        { id: 'b', distance: 0.25, document: 'x', query: 1 },
        { id: 'c', document: 'y', query: 1 },
      ],
    });
  });
});

describe('milvus', () => {
  it('takes a status that is not well for a failure', () => {
    const status = { error_code: 'CollectionNotExists', code: 100, reason: 'why' };
    expect(dataMethods.query!.response?.({ status, data: [] }, [], {})).toMatchObject({
      failure: { type: 'CollectionNotExists', message: 'why' },
      statusCode: 100,
    });
    const well = { status: { error_code: 'Success' }, delete_cnt: '2' };
    expect(dataMethods.delete!.response?.(well, [], {})).toEqual({ deleteCount: 2 });
  });

  it('reads vectors, sparse ones, texts, and parts of hybrid searches', () => {
    const of = (data: unknown) => dataMethods.search!.request([{ collection_name: 'c', data }], {});
    expect(of([1, 2])).toMatchObject({ dimensions: 2, batchSize: undefined });
    expect(
      of([
        [1, 2],
        [3, 4],
      ]),
    ).toMatchObject({ dimensions: 2, batchSize: 2 });
    expect(of('words')).toMatchObject({ queryText: 'words' });
    expect(of({ 3: 0.5, 17: 0.25 })).toMatchObject({ dimensions: 2 });
    expect(of([{ data: [1, 2, 3], anns_field: 'a' }])).toMatchObject({ dimensions: 3 });
  });
});

describe('lancedb', () => {
  it('leaves vectors out of rows, by what they are', () => {
    const vector = { type: { typeId: 3 }, toArray: () => new Float32Array(2) };
    const tags = { type: { typeId: 5 }, toArray: () => ['a'], toJSON: () => ['a'] };
    const rows = [{ id: 'a', anything: vector, tags, _distance: 0.5 }];
    expect(resultsOf(rows)).toEqual([{ id: 'a', distance: 0.5, score: undefined, metadata: { tags } }]);
    expect([rows, { numRows: 7 }, undefined].map(rowCount)).toEqual([1, 7, undefined]);
  });
});

describe('weaviate', () => {
  it('reads vectors by name, and what models of the server say', () => {
    const manager = {
      check: { name: 'C', tenant: 't', connection: { params: { grpcAddress: 'localhost:50051' } } },
    };
    expect(queryMethods.nearVector!.request([{ title: [1, 2] }, { limit: 3 }], manager)).toMatchObject({
      collection: 'C',
      namespace: 't',
      dimensions: 2,
      topK: 3,
      serverAddress: 'localhost',
      serverPort: 50051,
    });
    const answer = {
      objects: [{ uuid: 'u', metadata: {}, properties: {}, generated: 'one' }],
      generated: 'all',
    };
    expect(generateMethods.nearText!.response?.(answer, [], {})).toMatchObject({
      results: [{ id: 'u', document: 'one' }],
      content: { 'weaviate.generate.grouped_answer': 'all' },
    });
  });
});
