import type { DatabaseMethod } from '../database/method';
import type { DatabaseMethods } from '../database/patch';
import { dimensionsOf } from '../database/readable';
import type { DatabaseRequest, DatabaseResponse, DatabaseResult } from '../database/types';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';
import { placeOf } from './server';
import { withUsageAndServer } from './vectors';

interface DocumentOperation {
  request(options: Dict): DatabaseRequest;
  response(body: Dict): DatabaseResponse;
}

const lengthOf = (value: unknown): number | undefined => asArray(value)?.length;

/** The fields of a document are beside its id and score. */
const documentOf = ({ _id, _score, ...fields }: Dict): DatabaseResult => ({
  id: _id,
  score: _score,
  metadata: Object.keys(fields).length > 0 ? fields : undefined,
});

const OPERATIONS: Record<string, DocumentOperation> = {
  search: {
    request: ({ scoreBy, topK, filter }) => {
      const scoring = asDicts(scoreBy);
      return {
        queryText: scoring.flatMap(({ query }) => asString(query) ?? []),
        dimensions: scoring.map(({ values }) => dimensionsOf(values)).find((size) => size !== undefined),
        topK: asNumber(topK),
        filter,
      };
    },
    response: ({ matches }) => ({ results: asDicts(matches).map(documentOf) }),
  },
  upsert: {
    request: ({ documents: written }) => ({ addCount: lengthOf(written) }),
    response: () => ({}),
  },
  fetch: {
    request: ({ ids, filter, limit }) => ({
      ids,
      getCount: lengthOf(ids),
      filter,
      topK: asNumber(limit),
    }),
    response: ({ documents: fetched }) => ({
      results: Object.values(asDict(fetched) ?? {}).map((document) => documentOf(asDict(document) ?? {})),
    }),
  },
  update: {
    request: ({ documents: changed, filter }) => ({ updateCount: lengthOf(changed), filter }),
    response: ({ matchedRecords }) => ({ updateCount: asNumber(matchedRecords) }),
  },
  list: {
    request: ({ limit }) => ({ topK: asNumber(limit) }),
    response: ({ documents: listed }) => ({ results: asDicts(listed).map(documentOf) }),
  },
  delete: {
    request: ({ ids, filter }) => ({ ids, deleteCount: lengthOf(ids), filter }),
    response: ({ matchedRecords }) => ({ deleteCount: asNumber(matchedRecords) }),
  },
};

const NAMES: Record<string, string> = Object.fromEntries(
  Object.keys(OPERATIONS).map((name) => [name, `${name}Documents`]),
);

function method({ request, response }: DocumentOperation, optionsAt: number): DatabaseMethod {
  return {
    request: (args, self) => ({
      ...placeOf(self, optionsAt > 0 ? args[0] : undefined),
      ...request(asDict(args[optionsAt]) ?? {}),
    }),
    response: (answer, _args, self) => withUsageAndServer(response(asDict(answer) ?? {}), answer, self),
  };
}

/** `index.documents` of pinecone 9. */
export const documents: DatabaseMethods = Object.fromEntries(
  Object.entries(OPERATIONS).map(([name, operation]) => [
    name,
    { ...method(operation, 0), name: NAMES[name] },
  ]),
);

/** `pinecone.preview.index()` of pinecone 8, where the namespace comes first. */
export const previewDocuments: DatabaseMethods = Object.fromEntries(
  Object.entries(OPERATIONS).map(([name, operation]) => [`${name}Documents`, method(operation, 1)]),
);
