import type { DatabaseRequest } from '../database/types';
import { serverOf } from '../genai/providers';
import { asDict, asString } from '../genai/read';

type Server = Pick<DatabaseRequest, 'serverAddress' | 'serverPort'>;

const fields = (url: string | undefined): Server => {
  const server = serverOf(url);
  return { serverAddress: server?.address, serverPort: server?.port };
};

/** Writing and schemas go through HTTP. */
export const restServerOf = (connection: unknown): Server => fields(asString(asDict(connection)?.host));

/** Searches go through gRPC: `localhost:50051`. */
export function grpcServerOf(connection: unknown): Server {
  const params = asDict(asDict(connection)?.params);
  const address = asString(params?.grpcAddress);
  if (!address) return restServerOf(connection);
  return fields(`${params?.grpcSecure ? 'https' : 'http'}://${address}`);
}
