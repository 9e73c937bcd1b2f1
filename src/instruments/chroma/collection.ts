import type { DatabaseMethod } from '../database/method';
import type { DatabaseMethods } from '../database/patch';
import { dimensionsOf } from '../database/readable';
import {
  type DatabaseRequest,
  type DatabaseResponse,
  type DatabaseResult,
  MAX_RESULTS,
} from '../database/types';
import { asArray, asDict, asNumber, asString, asStrings, type Dict } from '../genai/read';
import { placeOfCollection } from './place';

function method(
  request: (options: Dict, args: unknown[]) => DatabaseRequest,
  response?: (answer: unknown) => DatabaseResponse,
): DatabaseMethod {
  return {
    request: (args, self) => ({ ...placeOfCollection(self), ...request(asDict(args[0]) ?? {}, args) }),
    response,
  };
}

/** One id, or a list of them. */
const countOf = (ids: unknown): number | undefined =>
  asArray(ids)?.length ?? (typeof ids === 'string' ? 1 : undefined);

/** Both ways to filter, under their own names. */
function filterOf({ where, whereDocument }: Dict): unknown {
  if (whereDocument === undefined) return where;
  return { ...(where !== undefined && { where }), whereDocument };
}

const selected = (options: Dict): DatabaseRequest => ({ ids: options.ids, filter: filterOf(options) });

/** Columns of one query: ids, and where they were asked for distances or scores, documents, metadata. */
function rowsOf(columns: Dict, query?: number): DatabaseResult[] {
  const ids = asArray(columns.ids) ?? [];
  const at = (name: string, index: number): unknown => asArray(columns[name])?.[index] ?? undefined;
  return ids.slice(0, MAX_RESULTS).map((id, index) => ({
    id,
    distance: at('distances', index),
    score: at('scores', index),
    document: at('documents', index),
    metadata: at('metadatas', index),
    query,
  }));
}

/** Columns of several queries, each a list of lists. */
function rowsOfEach(answer: unknown): DatabaseResponse {
  const columns = asDict(answer) ?? {};
  const lists = asArray(columns.ids) ?? [];
  return {
    resultCount: lists.reduce<number>((sum, ids) => sum + (asArray(ids)?.length ?? 0), 0),
    results: lists.flatMap((_, query) => {
      const names = ['ids', 'distances', 'scores', 'documents', 'metadatas'];
      return rowsOf(Object.fromEntries(names.map((name) => [name, asArray(columns[name])?.[query]])), query);
    }),
  };
}

function records(answer: unknown): DatabaseResponse {
  const columns = asDict(answer) ?? {};
  return { resultCount: asArray(columns.ids)?.length, results: rowsOf(columns) };
}

/** `search()` of Chroma's cloud takes one search or several, built or plain. */
function search([searches]: unknown[]): DatabaseRequest {
  const list = (Array.isArray(searches) ? searches : [searches]).map((given: unknown) => {
    const { toPayload } = asDict(given) ?? {};
    return asDict(typeof toPayload === 'function' ? toPayload.call(given) : given) ?? {};
  });
  const [first = {}] = list;
  const query = nearest(first.rank);
  return {
    queryText: asString(query),
    dimensions: dimensionsOf(asDict(query)?.values ?? query),
    topK: asNumber(asDict(first.limit)?.limit) ?? asNumber(first.limit),
    filter: first.filter ?? first.where,
    batchSize: list.length,
  };
}

/** What is searched for, wherever in a formula of ranks it is. */
function nearest(rank: unknown, depth = 0): unknown {
  const found = asDict(asDict(rank)?.$knn)?.query;
  if (found !== undefined || typeof rank !== 'object' || rank === null || depth > 8) return found;
  for (const part of Object.values(rank)) {
    const inside = nearest(part, depth + 1);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

const write = method(({ ids }) => ({ addCount: countOf(ids) }));

export const collectionMethods: DatabaseMethods = {
  add: write,
  upsert: write,
  update: method(({ ids }) => ({ updateCount: countOf(ids) })),
  delete: method(
    (options) => ({ ...selected(options), deleteCount: countOf(options.ids) }),
    // Where the server does not say how many, chromadb 3 says 0.
    (answer) => ({ deleteCount: asNumber(asDict(answer)?.deleted) || asArray(answer)?.length }),
  ),
  get: method(
    (options) => ({ ...selected(options), getCount: countOf(options.ids), topK: asNumber(options.limit) }),
    records,
  ),
  peek: method(({ limit }) => ({ topK: asNumber(limit) }), records),
  query: method((options) => {
    const { queryTexts, queryEmbeddings, nResults } = options;
    return {
      ...selected(options),
      queryText: asStrings(queryTexts),
      dimensions: dimensionsOf(queryEmbeddings),
      batchSize: asStrings(queryTexts)?.length ?? batchSizeOf(queryEmbeddings),
      topK: asNumber(nResults),
    };
  }, rowsOfEach),
  search: method((_options, args) => search(args), rowsOfEach),
  count: method(
    () => ({}),
    (answer) => ({ count: asNumber(answer) }),
  ),
  modify: method(() => ({})),
  fork: method(() => ({})),
};

/** A list of vectors, or one of them. */
function batchSizeOf(embeddings: unknown): number | undefined {
  const list = asArray(embeddings);
  return list && typeof list[0] === 'object' ? list.length : undefined;
}
