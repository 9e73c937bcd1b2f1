import { untracedMethod } from '../database/method';
import { patchDatabaseMethods } from '../database/patch';
import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { clientMethods } from './client';
import { collectionMethods } from './collection';

const UNTRACED = ['heartbeat', 'version', 'getUserIdentity', 'getPreflightChecks', 'getMaxBatchSize', 'init'];

/** `chromadb` 1 to 3. */
export const instrument = defineInstrument({
  id: 'chroma',
  patchModule({ exports: { Collection, CollectionImpl, CollectionHandle, ChromaClient } }) {
    // Since 3 the class of collections is exported only in ES modules' own scope, or as the parent of another one.
    const parent =
      typeof CollectionHandle === 'function' ? Object.getPrototypeOf(CollectionHandle) : undefined;
    for (const owner of [Collection, CollectionImpl, parent]) {
      patchDatabaseMethods('chroma', owner, collectionMethods);
    }
    patchDatabaseMethods('chroma', ChromaClient, clientMethods);
    if (typeof ChromaClient !== 'function') return;
    patch((wrap) => {
      for (const name of UNTRACED) wrap(ChromaClient.prototype, name, untracedMethod('chroma'));
    });
  },
});
