import type { DatabaseRequest } from '../database/types';
import { serverOf } from '../genai/providers';
import { asDict, asString } from '../genai/read';

/** Which part of which index a call is for, and where that index is, as far as it is known yet. */
export function placeOf(self: unknown, namespace?: unknown): DatabaseRequest {
  const target = asDict(asDict(self)?.target);
  const provider = providerOf(self);
  return {
    // Pinecone 4 called the field `index`.
    collection: asString(target?.indexName) || asString(target?.index) || asString(provider?.indexName),
    namespace: asString(namespace) || asString(target?.namespace) || asString(asDict(self)?._namespace),
    ...serverFields(self),
  };
}

/** The host of an index is asked for with the first call. */
export function serverFields(self: unknown): Pick<DatabaseRequest, 'serverAddress' | 'serverPort'> {
  const url = asDict(asDict(self)?.target)?.indexHostUrl ?? providerOf(self)?.indexHostUrl;
  const server = serverOf(typeof url === 'string' && !url.includes('://') ? `https://${url}` : url);
  return { serverAddress: server?.address, serverPort: server?.port };
}

function providerOf(self: unknown) {
  const { _provider, _queryCommand } = asDict(self) ?? {};
  return asDict(_provider) ?? asDict(asDict(_queryCommand)?.apiProvider);
}
