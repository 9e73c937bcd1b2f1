import { type Server, serverOf } from './genai/providers';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from './genai/read';
import type { ModelRequest, ModelResponse, Sender } from './genai/types';
import type { HttpApi, HttpOperation } from './http-api/types';
import { defineInstrument } from './kit/define';

/** Marqo, a vector search engine with an HTTP API and no client for Node. */
const api = (path: RegExp, fits: HttpApi['fits'], operation: HttpOperation): HttpApi => ({
  instrument: 'marqo',
  shape: 'marqo',
  library: 'marqo',
  provider: 'marqo',
  path,
  fits: (body, request, isNamed) =>
    fits(body, request, isNamed) && (isNamed || isMarqo(request.server) || hasFieldsOfMarqo(body)),
  body: (body, { url }) => ({
    body,
    collection: decodeURIComponent(/\/indexes\/([^/]+)/.exec(url.pathname)?.[1] ?? ''),
  }),
  operation: () => operation,
});

/** Its cloud, or a server on the port it has unless told otherwise. */
const isMarqo = ({ address, port }: Server): boolean =>
  port === 8882 || /(^|[.-])marqo([.-]|$)/.test(address);

/** Others have such paths too (Meilisearch): elsewhere it takes fields that only Marqo has. */
const hasFieldsOfMarqo = (body: Dict): boolean =>
  ['searchMethod', 'tensorFields', 'searchableAttributes', 'hybridParameters', 'useExistingTensors'].some(
    (name) => name in body,
  );

/** Results that become events; the number of all is an attribute. */
const MAX_EVENTS = 20;

function request(operation: string, { collection }: Dict, sender: Sender): Partial<ModelRequest> {
  const server = serverOf(sender.baseURL);
  return {
    serverAddress: server?.address,
    serverPort: server?.port,
    extra: {
      'db.system.name': 'marqo',
      'db.operation.name': operation,
      'db.collection.name': asString(collection) || undefined,
    },
  };
}

/** A text, or several with weights. */
const queryText = (q: unknown): string | undefined =>
  typeof q === 'string' ? q : q === undefined || q === null ? undefined : JSON.stringify(q);

export const search: HttpOperation = {
  spanSuffix: 'search',
  request: (given, sender) => {
    const body = asDict(given.body) ?? {};
    const base = request('search', given, sender);
    return {
      ...base,
      extra: {
        ...base.extra,
        'db.query.text': queryText(body.q),
        'db.vector.query.top_k': asNumber(body.limit),
      },
    };
  },
  response: (answer) => {
    const hits = asDicts(asDict(answer)?.hits);
    return {
      extra: { 'db.response.returned_rows': asArray(asDict(answer)?.hits) && hits.length },
      events: hits.slice(0, MAX_EVENTS).map(resultEvent),
    };
  },
};

function resultEvent(hit: Dict): NonNullable<ModelResponse['events']>[number] {
  const id = asString(hit._id);
  const score = asNumber(hit._score);
  return {
    name: 'db.query.result',
    attributes: {
      ...(id !== undefined && { 'db.query.result.id': id }),
      ...(score !== undefined && { 'db.query.result.score': score }),
    },
  };
}

export const addDocuments: HttpOperation = {
  spanSuffix: 'add_documents',
  request: (given, sender) => {
    const base = request('add_documents', given, sender);
    const { length } = asArray(asDict(given.body)?.documents) ?? [];
    // By the conventions a batch of one is none.
    return {
      ...base,
      extra: { ...base.extra, 'db.operation.batch.size': length === 1 ? undefined : length },
    };
  },
  response: (answer) => {
    const items = asArray(asDict(answer)?.items);
    return { extra: { 'db.response.returned_rows': items?.length } };
  },
};

export const instrument = defineInstrument({
  id: 'marqo',
  httpApis: [
    api(
      /\/indexes\/[^/]+\/search$/,
      (body) => ['q', 'context', 'hybridParameters'].some((name) => name in body),
      search,
    ),
    api(/\/indexes\/[^/]+\/documents$/, (body) => Array.isArray(body.documents), addDocuments),
  ],
});
