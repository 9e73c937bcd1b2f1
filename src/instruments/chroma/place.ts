import type { DatabaseRequest } from '../database/types';
import { serverOf } from '../genai/providers';
import { asDict, asString, type Dict } from '../genai/read';

/** Where a collection is: its client knows, in 1 and 2 as `client`, in 3 as `chromaClient`. */
export function placeOfCollection(self: unknown): DatabaseRequest {
  const collection = asDict(self);
  const client = asDict(collection?.chromaClient) ?? asDict(collection?.client);
  return {
    // Made by id alone (`client.collection({ id })`), it has no name.
    collection: asString(collection?.name) || asString(collection?.id),
    ...placeOfClient(client, collection),
  };
}

/** Tenant and database, from the most general to the most specific, and the server. */
export function placeOfClient(client: Dict | undefined, collection?: Dict): DatabaseRequest {
  const tenant = asString(client?._tenant) ?? asString(client?.tenant) ?? asString(collection?.tenant);
  const database =
    asString(client?._database) ?? asString(client?.database) ?? asString(collection?.database);
  const server = serverOf(baseUrlOf(client, collection));
  return {
    namespace: [tenant, database].filter(Boolean).join('|') || undefined,
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

function baseUrlOf(client: Dict | undefined, collection: Dict | undefined): unknown {
  const apiClient = asDict(client?.apiClient) ?? asDict(collection?.apiClient);
  if (typeof apiClient?.getConfig === 'function') {
    const config = asDict((apiClient.getConfig as () => unknown).call(apiClient));
    return config?.baseUrl;
  }
  const api = asDict(client?.api);
  return api?.basePath ?? asDict(api?.configuration)?.basePath;
}
