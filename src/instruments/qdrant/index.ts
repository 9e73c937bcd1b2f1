import { safely } from '../../config/safely';
import { patchDatabaseMethods } from '../database/patch';
import { asDict } from '../genai/read';
import { defineInstrument } from '../kit/define';
import { patch, type Wrapper } from '../kit/wrap';
import { grpcMethods } from './grpc';
import { restMethods } from './rest';

/** `@qdrant/js-client-rest` 1.x and `@qdrant/js-client-grpc` 1.x. Since 1.19 `query` is the one way to search over REST. */
export const instrument = defineInstrument({
  id: 'qdrant',
  patchModule({ package: name, exports: { QdrantClient } }) {
    if (name === '@qdrant/js-client-rest') patchDatabaseMethods('qdrant', QdrantClient, restMethods);
    else if (typeof QdrantClient === 'function') {
      patch((wrap) => wrap(QdrantClient.prototype, 'api', followingApis));
    }
  },
});

/** Each client makes its APIs when they are first asked for, as objects of functions. */
const followingApis: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const api = original.apply(this, args);
    safely('the qdrant instrument', () =>
      patchDatabaseMethods('qdrant', api, grpcMethods(args[0], asDict(this)?._restUri)),
    );
    return api;
  };
