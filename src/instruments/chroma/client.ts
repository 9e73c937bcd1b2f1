import type { DatabaseMethod } from '../database/method';
import { type DatabaseMethods, patchDatabaseMethods } from '../database/patch';
import { asArray, asDict, asNumber, asString } from '../genai/read';
import { collectionMethods } from './collection';
import { placeOfClient } from './place';

/** The collections that come out: of a class that is not to be had in any other way in some versions. */
function patchCollections(answer: unknown): void {
  const collection = asDict(asArray(answer)?.[0] ?? answer);
  if (collection && 'query' in collection) {
    patchDatabaseMethods('chroma', Object.getPrototypeOf(collection), collectionMethods);
  }
}

const method: DatabaseMethod = {
  request: ([given], self) => ({
    // `getCollection({ name })`, `deleteCollection({ name })`, `getCollectionById(id)`.
    collection: asString(asDict(given)?.name) ?? asString(given),
    ...placeOfClient(asDict(self)),
  }),
  response: (answer) => {
    patchCollections(answer);
    const list = asArray(answer);
    return list ? { resultCount: list.length } : undefined;
  },
};

export const clientMethods: DatabaseMethods = {
  createCollection: method,
  getCollection: method,
  getCollections: method,
  getCollectionById: method,
  getOrCreateCollection: method,
  listCollections: method,
  deleteCollection: method,
  countCollections: { ...method, response: (answer) => ({ count: asNumber(answer) }) },
};
