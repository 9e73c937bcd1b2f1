import type { DatabaseMethod } from '../database/method';
import type { DatabaseMethods } from '../database/patch';
import { dimensionsOf } from '../database/readable';
import type { DatabaseRequest, DatabaseResponse, DatabaseResult } from '../database/types';
import { serverOf } from '../genai/providers';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';

type ReadAnswer = (body: Dict) => DatabaseResponse;

function method(
  request: (options: Dict) => DatabaseRequest = () => ({}),
  response: ReadAnswer = () => ({}),
): DatabaseMethod {
  return {
    request: ([given], self) => {
      const options = asDict(given) ?? {};
      return { ...placeOf(options, self), ...request(options) };
    },
    response: (answer) => {
      const body = asDict(answer) ?? {};
      return { ...response(body), ...failureOf(body) };
    },
  };
}

function placeOf({ collection_name, db_name }: Dict, self: unknown): DatabaseRequest {
  const config = asDict(asDict(self)?.config);
  const address = asString(config?.address);
  const scheme = config?.ssl === true ? 'https' : 'http';
  const server = serverOf(address?.includes('://') ? address : address && `${scheme}://${address}`);
  return {
    collection: asString(collection_name),
    namespace: asString(db_name) ?? asString(config?.database),
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

/** Milvus answers that something went wrong; nothing is thrown. */
function failureOf(body: Dict): DatabaseResponse {
  const { error_code, code, reason } = asDict(body.status) ?? asDict(body) ?? {};
  const name = asString(error_code);
  if (name === undefined || name === 'Success') return {};
  return { failure: { type: name, message: asString(reason) }, statusCode: asNumber(code) };
}

const lengthOf = (value: unknown): number | undefined => asArray(value)?.length;
/** Counts come as text, as 64-bit numbers do. */
const countOf = (value: unknown): number | undefined =>
  value === undefined || value === null || value === '' ? undefined : asNumber(Number(value));

const filterOf = ({ filter, expr }: Dict): unknown => filter ?? expr;

/** A vector or a text, or several; of a hybrid search, one object for each part. */
function searched({ data, vector, vectors }: Dict): DatabaseRequest {
  const given = data ?? vector ?? vectors;
  const [first] = asArray(given) ?? [];
  if (typeof given === 'string') return { queryText: given };
  if (typeof first === 'string') return { queryText: asArray(given) as string[], batchSize: lengthOf(given) };
  const part = asDict(first);
  if (part && 'data' in part) return searched(part);
  const isList = Array.isArray(first) || ArrayBuffer.isView(first);
  return {
    dimensions: dimensionsOf(given) ?? sparseSize(given),
    batchSize: isList ? lengthOf(given) : undefined,
  };
}

/** `{ 3: 0.5, 17: 0.25 }`. */
const sparseSize = (vector: unknown): number | undefined => {
  const values = asDict(vector);
  return values && Object.keys(values).length;
};

function rowOf(row: Dict, query?: number): DatabaseResult {
  const { id, score, ...fields } = row;
  return { id, score, metadata: Object.keys(fields).length > 0 ? withoutVectors(fields) : undefined, query };
}

/** A collection may call its vectors anything. */
const withoutVectors = (fields: Dict): Dict =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !isVector(value)));

const isVector = (value: unknown): boolean =>
  ArrayBuffer.isView(value) ||
  (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number')) ||
  asDict(value)?.type === 'Buffer';

function found({ results }: Dict): DatabaseResponse {
  const list = asArray(results) ?? [];
  if (!Array.isArray(list[0])) return { results: asDicts(list).map((row) => rowOf(row)) };
  return { results: list.flatMap((rows, query) => asDicts(rows).map((row) => rowOf(row, query))) };
}

const rows: ReadAnswer = ({ data }) => ({ results: asDicts(data).map((row) => rowOf(row)) });

const rowsWritten = ({ data, fields_data }: Dict): number | undefined =>
  lengthOf(data) ?? lengthOf(fields_data);

const search = method(
  (options) => ({
    ...searched(options),
    topK: asNumber(options.limit) ?? asNumber(options.topk),
    filter: filterOf(options),
  }),
  found,
);

const query = method(
  (options) => ({
    ids: options.ids,
    getCount: lengthOf(options.ids),
    topK: asNumber(options.limit),
    filter: filterOf(options),
  }),
  rows,
);

const remove = method(
  (options) => ({ ids: options.ids, deleteCount: lengthOf(options.ids), filter: filterOf(options) }),
  ({ delete_cnt }) => ({ deleteCount: countOf(delete_cnt) || undefined }),
);

export const dataMethods: DatabaseMethods = {
  insert: method(
    (options) => ({ addCount: rowsWritten(options) }),
    ({ insert_cnt }) => ({ addCount: countOf(insert_cnt) }),
  ),
  upsert: method(
    (options) => ({ addCount: rowsWritten(options) }),
    ({ upsert_cnt }) => ({ addCount: countOf(upsert_cnt) || undefined }),
  ),
  delete: remove,
  deleteEntities: remove,
  search,
  hybridSearch: search,
  query,
  get: query,
  count: method(
    (options) => ({ filter: filterOf(options) }),
    ({ data }) => ({ count: asNumber(data) }),
  ),
  flush: method(),
  flushSync: method(),
};

export const collectionMethods: DatabaseMethods = {
  hasCollection: method(),
  describeCollection: method(),
  dropCollection: method(),
  loadCollection: method(),
  loadCollectionAsync: { ...method(), name: 'loadCollection' },
  loadCollectionSync: { ...method(), name: 'loadCollection' },
  releaseCollection: method(),
  showCollections: method(undefined, ({ data }) => ({ resultCount: lengthOf(data) })),
};

export const clientMethods: DatabaseMethods = { createCollection: method() };
