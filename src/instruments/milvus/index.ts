import { patchDatabaseMethods } from '../database/patch';
import { defineInstrument } from '../kit/define';
import { clientMethods, collectionMethods, dataMethods } from './methods';

/** `@zilliz/milvus2-sdk-node` 2 and 3, over gRPC: the client inherits its methods from one class a subject. */
export const instrument = defineInstrument({
  id: 'milvus',
  patchModule({ exports: { Data, Collection, MilvusClient } }) {
    patchDatabaseMethods('milvus', Data, dataMethods);
    patchDatabaseMethods('milvus', Collection, collectionMethods);
    patchDatabaseMethods('milvus', MilvusClient, clientMethods);
  },
});
