import { patchDatabaseMethods } from '../database/patch';
import { defineInstrument } from '../kit/define';
import { restMethods } from './rest';

/** `@qdrant/js-client-rest` 1.x. Since 1.19 `query` is the one way to search. */
export const instrument = defineInstrument({
  id: 'qdrant',
  patchModule({ exports: { QdrantClient } }) {
    patchDatabaseMethods('qdrant', QdrantClient, restMethods);
  },
});
