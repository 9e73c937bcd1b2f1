import type { DatabaseMethod } from '../database/method';
import type { DatabaseMethods } from '../database/patch';
import { dimensionsOf } from '../database/readable';
import type { DatabaseRequest, DatabaseResponse, DatabaseResult } from '../database/types';
import { serverOf } from '../genai/providers';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';

/**
 * Messages of protocol buffers: `{ case, value }` wherever one of several may be, numbers of 64 bits as BigInt, payloads
 * with the kind of each value.
 */
const chosen = (oneof: unknown): { kind?: string; value?: unknown } => {
  const { case: kind, value } = asDict(oneof) ?? {};
  return { kind: asString(kind), value };
};

const count = (value: unknown): number | undefined =>
  typeof value === 'bigint' ? Number(value) : asNumber(value);

const idOf = (id: unknown): unknown => {
  const { value } = chosen(asDict(id)?.pointIdOptions);
  return typeof value === 'bigint' ? Number(value) : value;
};

const idsOf = (ids: unknown): unknown[] | undefined => asArray(ids)?.map(idOf);

function plain(value: unknown): unknown {
  const { kind, value: inner } = chosen(asDict(value)?.kind);
  if (kind === 'structValue') return plainFields(asDict(inner)?.fields);
  if (kind === 'listValue') return (asArray(asDict(inner)?.values) ?? []).map(plain);
  if (kind === 'nullValue') return null;
  return inner;
}

const plainFields = (fields: unknown): Dict =>
  Object.fromEntries(Object.entries(asDict(fields) ?? {}).map(([name, value]) => [name, plain(value)]));

function pointOf({ id, score, payload }: Dict, query?: number): DatabaseResult {
  const metadata = plainFields(payload);
  return { id: idOf(id), score, metadata: Object.keys(metadata).length > 0 ? metadata : undefined, query };
}

/** Points come as a list, or in groups. */
function pointsOf(result: unknown, query?: number): DatabaseResult[] {
  const groups = asArray(asDict(result)?.groups);
  const points = groups ? asDicts(groups).flatMap(({ hits }) => asDicts(hits)) : asDicts(result);
  return points.map((point) => pointOf(point, query));
}

const points = ({ result }: Dict): DatabaseResponse => ({ results: pointsOf(result) });
const pointsOfEach = ({ result }: Dict): DatabaseResponse => ({
  results: asDicts(result).flatMap((batch, query) => pointsOf(batch.result, query)),
});

/** What is near is searched for: a vector of some kind, a point, a text for the server to embed. */
function searched(query: unknown): DatabaseRequest {
  const { kind, value } = chosen(asDict(query)?.variant);
  const inner = asDict(value);
  switch (kind) {
    case 'nearest':
      return searched(value);
    case 'id':
      return { ids: idOf(value) };
    case 'dense':
      return { dimensions: dimensionsOf(inner?.data) };
    case 'sparse':
      return { dimensions: dimensionsOf(inner?.values) };
    case 'multiDense':
      return { dimensions: dimensionsOf(asDict(asArray(inner?.vectors)?.[0])?.data) };
    case 'document':
      return { queryText: asString(inner?.text) };
    default:
      return {};
  }
}

function search({ query, prefetch, filter, limit }: Dict): DatabaseRequest {
  const [stage] = asDicts(prefetch);
  const own = searched(query);
  return {
    ...(Object.keys(own).length === 0 && stage && search(stage)),
    ...own,
    filter: filter ?? stage?.filter,
    topK: count(limit),
  };
}

const oldSearch = ({ vector, filter, limit }: Dict): DatabaseRequest => ({
  dimensions: dimensionsOf(vector),
  filter,
  topK: count(limit),
});

const recommendation = ({ positive, filter, limit }: Dict): DatabaseRequest => ({
  ids: idsOf(positive),
  filter,
  topK: count(limit),
});

const batchOf =
  (field: string, one: (options: Dict) => DatabaseRequest) =>
  (options: Dict): DatabaseRequest => {
    const list = asDicts(options[field]);
    return { ...(list[0] && one(list[0])), batchSize: list.length };
  };

/** Which points a change is for: by ids, or by a filter. */
function selected(selector: unknown): DatabaseRequest {
  const { kind, value } = chosen(asDict(selector)?.pointsSelectorOneOf);
  return kind === 'filter' ? { filter: value } : { ids: idsOf(asDict(value)?.ids) };
}

const lengthOf = (list: unknown): number | undefined => asArray(list)?.length;

type Read = (options: Dict) => DatabaseRequest;
type Operation = [request: Read, response?: (answer: Dict) => DatabaseResponse, name?: string];

const nothing: Read = () => ({});

const change: Read = ({ pointsSelector, points: selector }) => {
  const request = selected(pointsSelector ?? selector);
  return { ...request, updateCount: lengthOf(request.ids) };
};

const POINTS: Record<string, Operation> = {
  query: [search, points],
  queryBatch: [batchOf('queryPoints', search), pointsOfEach],
  queryGroups: [search, points],
  search: [oldSearch, points],
  searchBatch: [batchOf('searchPoints', oldSearch), pointsOfEach],
  searchGroups: [oldSearch, points],
  recommend: [recommendation, points],
  recommendBatch: [batchOf('recommendPoints', recommendation), pointsOfEach],
  recommendGroups: [recommendation, points],
  discover: [({ filter, limit }) => ({ filter, topK: count(limit) }), points],
  scroll: [({ filter, limit }) => ({ filter, topK: count(limit) }), points],
  get: [({ ids }) => ({ ids: idsOf(ids), getCount: lengthOf(ids) }), points],
  count: [({ filter }) => ({ filter }), ({ result }) => ({ count: count(asDict(result)?.count) })],
  facet: [
    ({ filter, limit }) => ({ filter, topK: count(limit) }),
    ({ hits }) => ({ resultCount: lengthOf(hits) }),
  ],
  upsert: [({ points: written }) => ({ addCount: lengthOf(written) })],
  delete: [
    ({ points: selector }) => {
      const request = selected(selector);
      return { ...request, deleteCount: lengthOf(request.ids) };
    },
  ],
  updateVectors: [({ points: changed }) => ({ updateCount: lengthOf(changed) })],
  deleteVectors: [change],
  setPayload: [change],
  overwritePayload: [change],
  deletePayload: [change],
  clearPayload: [change],
  updateBatch: [({ operations }) => ({ batchSize: lengthOf(operations) })],
};

const COLLECTIONS: Record<string, Operation> = {
  create: [nothing, undefined, 'createCollection'],
  update: [nothing, undefined, 'updateCollection'],
  delete: [nothing, undefined, 'deleteCollection'],
  get: [nothing, undefined, 'getCollection'],
  list: [nothing, ({ collections }) => ({ resultCount: lengthOf(collections) }), 'getCollections'],
  collectionExists: [nothing],
};

/** The methods of `client.api('points')` and `client.api('collections')`; `url` is where the client sends them. */
export function grpcMethods(api: unknown, url: unknown): DatabaseMethods {
  const operations = api === 'points' ? POINTS : api === 'collections' ? COLLECTIONS : {};
  const server = serverOf(url);
  const place = { serverAddress: server?.address, serverPort: server?.port };
  return Object.fromEntries(
    Object.entries(operations).map(([method, [request, response, name]]) => {
      const operation: DatabaseMethod = {
        request: ([given]) => {
          const options = asDict(given) ?? {};
          return { collection: asString(options.collectionName), ...place, ...request(options) };
        },
        response: (answer) => response?.(asDict(answer) ?? {}),
      };
      return [method, { ...operation, name }];
    }),
  );
}
