import type { DatabaseMethod } from '../database/method';
import type { DatabaseMethods } from '../database/patch';
import { dimensionsOf } from '../database/readable';
import type { DatabaseRequest, DatabaseResponse, DatabaseResult } from '../database/types';
import { serverOf } from '../genai/providers';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';

/** Every method takes the name of a collection and its options. */
function method(
  request: (options: Dict) => DatabaseRequest = () => ({}),
  response: (answer: unknown) => DatabaseResponse = () => ({}),
): DatabaseMethod {
  return {
    request: ([collection, options], self) => {
      const server = serverOf(asDict(self)?._restUri);
      return {
        collection: asString(collection),
        serverAddress: server?.address,
        serverPort: server?.port,
        ...request(asDict(options) ?? {}),
      };
    },
    response,
  };
}

const lengthOf = (value: unknown): number | undefined => asArray(value)?.length;

const pointOf =
  (query?: number) =>
  ({ id, score, payload }: Dict): DatabaseResult => ({ id, score, metadata: payload, query });

/** Points come as a list, in `points`, or in groups. */
function pointsOf(answer: unknown, query?: number): DatabaseResult[] {
  const body = asDict(answer);
  const groups = asArray(body?.groups);
  const points = groups
    ? asDicts(groups).flatMap(({ hits }) => asDicts(hits))
    : asDicts(body?.points ?? answer);
  return points.map(pointOf(query));
}

const points = (answer: unknown): DatabaseResponse => ({ results: pointsOf(answer) });
const pointsOfEach = (answer: unknown): DatabaseResponse => ({
  results: (asArray(answer) ?? []).flatMap((one, query) => pointsOf(one, query)),
});

/** What is searched for: a vector, a text for the server to embed, ids, or `{ nearest: … }` of one of them. */
function searched(query: unknown): DatabaseRequest {
  if (typeof query === 'string' || typeof query === 'number') return { ids: query };
  if (!asDict(query)) return { dimensions: dimensionsOf(query) };
  const { nearest, text, vector, values, recommend, discover, ...rest } = asDict(query) ?? {};
  if (nearest !== undefined) return searched(nearest);
  if (text !== undefined) return { queryText: asString(text) };
  if (vector !== undefined) return searched(vector);
  if (values !== undefined) return { dimensions: dimensionsOf(values) };
  const { positive, negative } = asDict(recommend) ?? {};
  if (recommend !== undefined) return examples(positive, negative);
  if (discover !== undefined) return searched(asDict(discover)?.target);
  const fusion = asString(rest.fusion);
  return { extra: { 'qdrant.query.fusion': fusion } };
}

/** Points, given by their ids or as vectors, that results are to be like or unlike. */
function examples(positive: unknown, negative: unknown): DatabaseRequest {
  const given = [positive, negative].flatMap((list) => asArray(list) ?? []);
  const ids = given.filter((item) => typeof item === 'string' || typeof item === 'number');
  return {
    ids: ids.length > 0 ? ids : undefined,
    dimensions: given.map(dimensionsOf).find((size) => size !== undefined),
  };
}

function search({ query, prefetch, filter, limit }: Dict): DatabaseRequest {
  const first = searched(query);
  const isKnown = first.dimensions !== undefined || first.queryText !== undefined || first.ids !== undefined;
  const [stage] = Array.isArray(prefetch) ? asDicts(prefetch) : asDicts([prefetch]);
  return {
    // Results of several searches put together: those tell what was searched for.
    ...(!isKnown && stage && search(stage)),
    ...first,
    filter: filter ?? stage?.filter,
    topK: asNumber(limit),
  };
}

const oldSearch = ({ vector, filter, limit }: Dict): DatabaseRequest => ({
  ...searched(vector),
  filter,
  topK: asNumber(limit),
});

const recommendation = ({ positive, negative, filter, limit }: Dict): DatabaseRequest => ({
  ...examples(positive, negative),
  filter,
  topK: asNumber(limit),
});

const discovery = ({ target, filter, limit }: Dict): DatabaseRequest => ({
  ...searched(target),
  filter,
  topK: asNumber(limit),
});

/** Several searches at once: what the first one is after, and how many there are. */
const batchOf =
  (one: (options: Dict) => DatabaseRequest) =>
  ({ searches }: Dict): DatabaseRequest => {
    const [first] = asDicts(searches);
    return { ...(first && one(first)), batchSize: lengthOf(searches) };
  };

/** Which points a change is for: by ids, or by a filter. */
const selected = ({ points: ids, filter }: Dict): DatabaseRequest => ({
  ids: asArray(ids),
  filter: filter ?? asDict(ids)?.filter,
});

const change = method((options) => ({ ...selected(options), updateCount: lengthOf(options.points) }));

export const restMethods: DatabaseMethods = {
  query: method(search, points),
  queryBatch: method(batchOf(search), pointsOfEach),
  queryGroups: method(search, points),
  search: method(oldSearch, points),
  searchBatch: method(batchOf(oldSearch), pointsOfEach),
  searchPointGroups: method(oldSearch, points),
  recommend: method(recommendation, points),
  recommendBatch: method(batchOf(recommendation), pointsOfEach),
  recommend_batch: { ...method(batchOf(recommendation), pointsOfEach), name: 'recommendBatch' },
  recommendPointGroups: method(recommendation, points),
  discoverPoints: method(discovery, points),
  discoverBatchPoints: method(batchOf(discovery), pointsOfEach),
  scroll: method(({ filter, limit }) => ({ filter, topK: asNumber(limit) }), points),
  retrieve: method(({ ids }) => ({ ids, getCount: lengthOf(ids) }), points),
  count: method(
    ({ filter }) => ({ filter }),
    (answer) => ({ count: asNumber(asDict(answer)?.count) }),
  ),
  facet: method(
    ({ filter, limit }) => ({ filter, topK: asNumber(limit) }),
    (answer) => ({ resultCount: lengthOf(asDict(answer)?.hits) }),
  ),
  searchMatrixPairs: method(({ filter, limit }) => ({ filter, topK: asNumber(limit) })),
  searchMatrixOffsets: method(({ filter, limit }) => ({ filter, topK: asNumber(limit) })),
  upsert: method(({ points: written, batch }) => ({
    addCount: lengthOf(written) ?? lengthOf(asDict(batch)?.ids),
  })),
  delete: method((options) => ({ ...selected(options), deleteCount: lengthOf(options.points) })),
  updateVectors: method(({ points: changed }) => ({ updateCount: lengthOf(changed) })),
  deleteVectors: change,
  setPayload: change,
  overwritePayload: change,
  deletePayload: change,
  clearPayload: change,
  batchUpdate: method(({ operations }) => ({ batchSize: lengthOf(operations) })),
  createCollection: method(),
  recreateCollection: method(),
  updateCollection: method(),
  deleteCollection: method(),
  getCollection: method(),
  getCollections: method(undefined, (answer) => ({ resultCount: lengthOf(asDict(answer)?.collections) })),
  collectionExists: method(),
  createPayloadIndex: method(),
  deletePayloadIndex: method(),
};
