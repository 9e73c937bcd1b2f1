import type { DatabaseMethod } from '../database/method';
import type { DatabaseMethods } from '../database/patch';
import { dimensionsOf } from '../database/readable';
import type { DatabaseRequest, DatabaseResponse, Extra } from '../database/types';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';
import { placeOf, serverFields } from './server';

type ReadResponse = (body: Dict) => DatabaseResponse;

/** A method of an index: from its options, and from what it answers with. */
export function method(
  request: (options: Dict, args: unknown[]) => DatabaseRequest,
  response: ReadResponse = () => ({}),
): DatabaseMethod {
  return {
    request: (args, self) => {
      const options = asDict(args[0]) ?? {};
      return { ...placeOf(self, options.namespace), ...request(options, args) };
    },
    response: (answer, _args, self) => withUsageAndServer(response(asDict(answer) ?? {}), answer, self),
  };
}

export function withUsageAndServer(read: DatabaseResponse, answer: unknown, self: unknown): DatabaseResponse {
  const { serverAddress, serverPort } = serverFields(self);
  const server: Extra = { 'server.address': serverAddress, 'server.port': serverPort };
  return { ...read, extra: { ...server, ...usageOf(asDict(answer)?.usage) } };
}

function usageOf(usage: unknown): Extra {
  const { readUnits, embedTotalTokens, rerankUnits } = asDict(usage) ?? {};
  return {
    'pinecone.usage.read_units': asNumber(readUnits),
    'pinecone.usage.embed_tokens': asNumber(embedTotalTokens),
    'pinecone.usage.rerank_units': asNumber(rerankUnits),
  };
}

const lengthOf = (value: unknown): number | undefined => asArray(value)?.length;

/** Records by their ids, as `fetch` answers. */
const recordsOf: ReadResponse = ({ records }) => ({
  results: Object.entries(asDict(records) ?? {}).map(([id, record]) => ({
    id,
    metadata: asDict(record)?.metadata,
  })),
});

export const vectors: DatabaseMethods = {
  query: method(
    ({ vector, sparseVector, topK, filter, id }) => ({
      dimensions: dimensionsOf(vector) ?? dimensionsOf(asDict(sparseVector)?.values),
      topK: asNumber(topK),
      filter,
      ids: id,
    }),
    ({ matches }) => ({
      results: asDicts(matches).map(({ id, score, metadata }) => ({ id, score, metadata })),
    }),
  ),
  upsert: method(({ records }, [data]) => ({ addCount: lengthOf(records ?? data) })),
  update: method(({ id, filter }) => ({ updateCount: id === undefined ? undefined : 1, ids: id, filter })),
  fetch: method(({ ids }, [data]) => {
    const wanted = ids ?? (Array.isArray(data) ? data : undefined);
    return { ids: wanted, getCount: lengthOf(wanted) };
  }, recordsOf),
  fetchByMetadata: method(({ filter, limit }) => ({ filter, topK: asNumber(limit) }), recordsOf),
  deleteOne: method(({ id }, [given]) => ({ ids: id ?? asString(given), deleteCount: 1 })),
  deleteMany: method(({ ids, filter, ...rest }, [given]) => {
    const listed = ids ?? (Array.isArray(given) ? given : undefined);
    // Before pinecone 6 the options were the filter.
    const whole = filter ?? (listed === undefined && Object.keys(rest).length > 0 ? rest : undefined);
    return { ids: listed, deleteCount: lengthOf(listed), filter: whole };
  }),
  deleteAll: method(() => ({})),
  listPaginated: method(
    ({ limit }) => ({ topK: asNumber(limit) }),
    ({ vectors: listed }) => ({ results: asDicts(listed).map(({ id }) => ({ id })) }),
  ),
  describeIndexStats: method(({ filter }) => ({ filter })),
};

export const records: DatabaseMethods = {
  upsertRecords: method(({ records: written }, [data]) => ({ addCount: lengthOf(written ?? data) })),
  searchRecords: method(
    ({ query, rerank }) => {
      const { topK, filter, inputs, vector, id } = asDict(query) ?? {};
      return {
        queryText: textOf(inputs),
        dimensions: dimensionsOf(asDict(vector)?.values) ?? dimensionsOf(asDict(vector)?.sparseValues),
        topK: asNumber(topK),
        filter,
        ids: id,
        extra: { 'pinecone.request.rerank_model': asString(asDict(rerank)?.model) },
      };
    },
    ({ result }) => ({
      results: asDicts(asDict(result)?.hits).map(({ _id, _score, fields }) => ({
        id: _id,
        score: _score,
        metadata: fields,
      })),
    }),
  ),
};

/** `{ text: … }`, or other fields, as the model behind the index takes them. */
function textOf(inputs: unknown): string | undefined {
  const given = asDict(inputs);
  return given && (asString(given.text) ?? JSON.stringify(given));
}
