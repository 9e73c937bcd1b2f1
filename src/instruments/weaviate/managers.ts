import type { DatabaseMethods } from '../database/patch';
import { dimensionsOf } from '../database/readable';
import type { DatabaseRequest, DatabaseResponse, DatabaseResult } from '../database/types';
import { asArray, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../genai/read';
import { grpcServerOf } from './server';

/** What is searched for, by the first arguments of a method. */
type Subject = (args: unknown[]) => DatabaseRequest;

const SUBJECTS: Record<string, { length: number; of: Subject }> = {
  fetchObjectById: { length: 1, of: ([id]) => ({ ids: asString(id), getCount: 1 }) },
  fetchObjects: { length: 0, of: () => ({}) },
  bm25: { length: 1, of: ([query]) => ({ queryText: asString(query) }) },
  hybrid: { length: 1, of: ([query]) => ({ queryText: asString(query) }) },
  nearText: { length: 1, of: ([query]) => ({ queryText: asStrings(asDict(query)?.query ?? query) }) },
  nearVector: { length: 1, of: ([vector]) => ({ dimensions: dimensionsOfAny(vector) }) },
  nearObject: { length: 1, of: ([id]) => ({ ids: asString(id) }) },
  nearImage: { length: 1, of: () => ({}) },
  nearMedia: {
    length: 2,
    of: ([, type]) => ({ extra: { 'weaviate.query.media_type': asString(type) } }),
  },
};

/** A vector, a list of them, or vectors by the names of what they are compared with. */
function dimensionsOfAny(vector: unknown): number | undefined {
  const named = asDict(vector);
  if (!named || ArrayBuffer.isView(vector)) return dimensionsOf(vector);
  return Object.values(named)
    .map((one) => dimensionsOf(one) ?? dimensionsOf(asDict(one)?.vectors))
    .find((size) => size !== undefined);
}

function placeOf(self: unknown): DatabaseRequest {
  const manager = asDict(self);
  const place = asDict(manager?.check) ?? manager;
  return {
    collection: asString(place?.name),
    namespace: asString(place?.tenant),
    ...grpcServerOf(place?.connection),
  };
}

function optionsOf(options: unknown): DatabaseRequest {
  const { limit, filters, objectLimit } = asDict(options) ?? {};
  return { topK: asNumber(limit) ?? asNumber(objectLimit), filter: filters };
}

function objectOf(given: unknown): DatabaseResult {
  const { uuid, metadata, properties, generated, generative } = asDict(given) ?? {};
  const { distance, score, certainty, rerankScore } = asDict(metadata) ?? {};
  return {
    id: uuid,
    distance,
    score: score ?? rerankScore ?? certainty,
    document: asDict(generative)?.text ?? generated,
    metadata: properties,
  };
}

/** The objects, also where they come in groups; of one that was asked for by its id, that one, or null. */
function objects(answer: unknown): DatabaseResponse {
  const body = asDict(answer);
  if (!body) return { results: [] };
  const found = asArray(body.objects);
  return {
    results: found ? asDicts(found).map(objectOf) : [objectOf(body)],
    content: {
      'weaviate.generate.grouped_answer': found && (asDict(body.generative)?.text ?? body.generated),
    },
  };
}

export const queryMethods: DatabaseMethods = Object.fromEntries(
  Object.entries(SUBJECTS).map(([name, { length, of }]) => [
    name,
    {
      request: (args: unknown[], self: unknown) => ({
        ...placeOf(self),
        ...of(args),
        ...optionsOf(args[length]),
      }),
      response: objects,
    },
  ]),
);

/** Searches whose results are then given to a model, by the server. */
export const generateMethods: DatabaseMethods = Object.fromEntries(
  Object.entries(SUBJECTS).map(([name, { length, of }]) => [
    name,
    {
      name: `generate${name[0]!.toUpperCase()}${name.slice(1)}`,
      request: (args: unknown[], self: unknown) => ({
        ...placeOf(self),
        ...of(args),
        ...optionsOf(args[length + 1]),
        content: promptsOf(args[length]),
      }),
      response: objects,
    },
  ]),
);

function promptsOf(generate: unknown): Record<string, unknown> {
  const { singlePrompt, groupedTask } = asDict(generate) ?? {};
  const text = (prompt: unknown) => asDict(prompt)?.prompt ?? prompt;
  return {
    'weaviate.generate.single_prompt': text(singlePrompt),
    'weaviate.generate.grouped_task': text(groupedTask),
  };
}

const AGGREGATES: Record<string, (first: unknown) => DatabaseRequest> = {
  hybrid: (query) => ({ queryText: asString(query) }),
  nearImage: () => ({}),
  nearObject: (id) => ({ ids: asString(id) }),
  nearText: (query) => ({ queryText: asStrings(query) }),
  nearVector: (vector) => ({ dimensions: dimensionsOfAny(vector) }),
  overAll: () => ({}),
};

export const aggregateMethods: DatabaseMethods = Object.fromEntries(
  Object.entries(AGGREGATES).map(([name, of]) => [
    name,
    {
      name: `aggregate${name[0]!.toUpperCase()}${name.slice(1)}`,
      request: (args: unknown[], self: unknown) => ({
        ...placeOf(self),
        ...of(args[0]),
        ...optionsOf(args[name === 'overAll' ? 0 : 1]),
      }),
      response: (answer: unknown) => ({ count: totalOf(asDict(answer)) }),
    },
  ]),
);

const totalOf = (answer: Dict | undefined): number | undefined => asNumber(answer?.totalCount);
