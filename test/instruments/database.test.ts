import { describe, expect, it } from 'vitest';
import { operationName } from '../../src/instruments/database/call';
import { databaseErrorType, databaseStatus } from '../../src/instruments/database/error';
import { dimensionsOf, readableText } from '../../src/instruments/database/readable';
import {
  databaseRequestAttributes,
  databaseResponseAttributes,
  resultEvents,
} from '../../src/instruments/database/to-attributes';

const VECTOR = [0.1, 0.2, 0.3];

describe('readableText', () => {
  it('is JSON without the vectors, whatever they are called and made of', () => {
    const value = {
      filter: { year: { $in: [2020, 2021] } },
      vector: VECTOR,
      embeddings: [VECTOR, VECTOR],
      sparseVector: { indices: [1, 7], values: [0.5, 0.25] },
      vectors: { image: VECTOR },
      typed: new Float32Array(VECTOR),
      nameless: Array(1536).fill(0.5),
      bytes: new ArrayBuffer(8),
    };
    const text = readableText(value) ?? '';
    expect(text).not.toMatch(/0\.\d/);
    expect(JSON.parse(text)).toEqual({
      filter: { year: { $in: [2020, 2021] } },
      vector: '[3 numbers]',
      embeddings: ['[3 numbers]', '[3 numbers]'],
      sparseVector: { indices: '[2 numbers]', values: '[2 numbers]' },
      vectors: { image: '[3 numbers]' },
      typed: '[3 numbers]',
      nameless: '[1536 numbers]',
      bytes: '[8 bytes]',
    });
  });

  it('is of bounded length, and made with bounded work', () => {
    let looked = 0;
    const ids = new Proxy([] as string[], {
      get(target, name) {
        if (name === 'length') return 1_000_000;
        if (typeof name === 'string' && /^\d+$/.test(name)) {
          looked += 1;
          return `id-${name}`;
        }
        return Reflect.get(target, name) as unknown;
      },
    });
    expect(readableText({ ids })!.length).toBeLessThan(5000);
    expect(looked).toBeLessThan(2000);
    expect(readableText('x'.repeat(100_000))!.length).toBeLessThan(5000);
  });

  it('makes something of anything', () => {
    const circular: Record<string, unknown> = { name: 'loop' };
    circular.self = circular;
    const throwing = {
      get field() {
        throw new Error('theirs');
      },
    };
    expect(readableText(circular)).toContain('loop');
    expect(readableText(throwing)).toBe('"[unreadable]"');
    expect(readableText({ big: 7n, huge: 2n ** 64n, fn: () => {}, when: new Date(0) })).toBe(
      '{"big":7,"huge":"18446744073709551616","when":"1970-01-01T00:00:00.000Z"}',
    );
    expect(readableText(new Map([['a', new Set([1])]]))).toBe('{"a":[1]}');
    expect([undefined, null].map(readableText)).toEqual([undefined, undefined]);
    expect(readableText(() => {})).toBeUndefined();
  });
});

describe('dimensionsOf', () => {
  it('is the length of a vector, or of the first of several', () => {
    expect([VECTOR, new Float32Array(4), [VECTOR, VECTOR], [new Int8Array(2)]].map(dimensionsOf)).toEqual([
      3, 4, 3, 2,
    ]);
    expect([undefined, null, 'text', {}, 7].map(dimensionsOf)).toEqual(Array(5).fill(undefined));
    expect(dimensionsOf([])).toBe(0);
  });
});

describe('attributes', () => {
  const request = {
    collection: 'articles',
    namespace: 'tenant',
    serverAddress: 'localhost',
    serverPort: 6333,
    queryText: ['MARK-QUESTION'],
    dimensions: 3,
    batchSize: 1,
    topK: 5,
    filter: { author: 'MARK-FILTER' },
    ids: ['MARK-ID'],
    getCount: 1,
    extra: { 'pinecone.usage.read_units': 5, absent: undefined },
    content: { 'weaviate.generate.single_prompt': 'MARK-PROMPT' },
  };

  it('have what was asked for and nothing else', () => {
    expect(databaseRequestAttributes(request, true)).toEqual({
      'db.collection.name': 'articles',
      'db.namespace': 'tenant',
      'server.address': 'localhost',
      'server.port': 6333,
      'db.query.text': 'MARK-QUESTION',
      'db.vector.query.dimension.count': 3,
      'db.vector.query.top_k': 5,
      'db.vector.query.filter': '{"author":"MARK-FILTER"}',
      'db.vector.query.ids': '["MARK-ID"]',
      'db.vector.get.count': 1,
      'pinecone.usage.read_units': 5,
      'weaviate.generate.single_prompt': 'MARK-PROMPT',
    });
    expect(databaseRequestAttributes({}, true)).toEqual({});
    expect(databaseRequestAttributes({ queryText: [], topK: Number.NaN }, true)).toEqual({});
  });

  it('tell nothing of the content where that is switched off', () => {
    const results = [
      { id: 'MARK-ID', score: 0.5, document: 'MARK-DOCUMENT', metadata: { a: 'MARK' } },
      { id: 'MARK-ID-2' },
    ];
    const all = [
      databaseRequestAttributes(request, false),
      databaseResponseAttributes({ results, content: { 'weaviate.generate.grouped_answer': 'MARK' } }, false),
      resultEvents({ results }, false),
    ];
    expect(JSON.stringify(all)).not.toContain('MARK');
    expect(all[1]).toEqual({ 'db.response.returned_rows': 2 });
    expect(all[2]).toEqual([{ 'db.query.result.score': 0.5 }]);
  });

  it('tell of twenty results at most, and how many there were', () => {
    const results = Array.from({ length: 50 }, (_, i) => ({ id: i, distance: i / 8 }));
    expect(resultEvents({ results }, true)).toHaveLength(20);
    expect(databaseResponseAttributes({ results }, true)).toEqual({ 'db.response.returned_rows': 50 });
    expect(databaseResponseAttributes({ results: [], resultCount: 7, count: 0 }, true)).toEqual({
      'db.response.returned_rows': 7,
      'db.response.count': 0,
    });
  });

  it('say which query a result answers, where there are several', () => {
    const results = [
      { id: 'a', query: 0 },
      { id: 'b', query: 1 },
    ];
    expect(resultEvents({ results }, true)).toEqual([
      { 'db.query.result.query': 0, 'db.query.result.id': 'a' },
      { 'db.query.result.query': 1, 'db.query.result.id': 'b' },
    ]);
    expect(resultEvents({ results: [{ id: 'a', query: 0 }] }, true)).toEqual([{ 'db.query.result.id': 'a' }]);
  });
});

describe('operationName', () => {
  it('is the name of the method as other languages write it', () => {
    expect(
      ['query', 'searchRecords', 'deleteMany', 'recommend_batch', 'fetchObjectById'].map(operationName),
    ).toEqual(['query', 'search_records', 'delete_many', 'recommend_batch', 'fetch_object_by_id']);
  });
});

describe('errors', () => {
  it('have the status of HTTP or of gRPC', () => {
    class ApiError extends Error {
      status = 404;
    }
    const grpc = Object.assign(new Error('5 NOT_FOUND'), { code: 5 });
    const native = Object.assign(new Error('napi'), { code: 'GenericFailure' });
    expect([new ApiError(), grpc, native, { code: 422 }, undefined].map(databaseStatus)).toEqual([
      '404',
      'NOT_FOUND',
      undefined,
      '422',
      undefined,
    ]);
    expect([new ApiError(), grpc, native, undefined].map(databaseErrorType)).toEqual([
      undefined,
      'NOT_FOUND',
      undefined,
      undefined,
    ]);
  });
});
