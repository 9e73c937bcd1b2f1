import { isModelServer, type Server } from '../genai/providers';
import type { Dict } from '../genai/read';
import type { HttpApi, HttpRequest } from './types';

/** RESPAN_MODEL_HOSTS: host, or host and port, to the shape of the API there; '' where it is not said. */
export type ModelHosts = Readonly<Record<string, string>>;

/** APIs that a request may belong to, judged by everything but its body. */
export interface Candidates {
  apis: HttpApi[];
  /** The host answers model calls and nothing else. */
  isCertain: boolean;
  /** RESPAN_MODEL_HOSTS says so. */
  isNamed: boolean;
}

export function candidatesFor(
  request: HttpRequest,
  apis: readonly HttpApi[],
  hosts: ModelHosts,
): Candidates | undefined {
  const { server, method, url } = request;
  const shape = shapeAt(server, hosts);
  const found = apis.filter((api) => {
    if (method !== (api.method ?? 'POST') || !api.path.test(url.pathname)) return false;
    if (shape) return api.shape === shape;
    return api.isAt?.(server) ?? true;
  });
  if (found.length === 0) return undefined;
  // Whoever is at home here comes first.
  found.sort((a, b) => Number(!a.isAt) - Number(!b.isAt));
  const isNamed = shape !== undefined;
  return { apis: found, isNamed, isCertain: isNamed || isModelServer(server.address, server.port) };
}

/** The one whose body it is; without a body to be seen, the one whose path or host leaves no doubt. */
export function chosen(
  { apis, isCertain, isNamed }: Candidates,
  request: HttpRequest,
  body: Dict | undefined,
  wasSeen: boolean,
): HttpApi | undefined {
  if (body) return apis.find((api) => api.fits(body, request, isNamed));
  const first = apis[0];
  if (first && first.method === 'GET') return first.fits({}, request, isNamed) ? first : undefined;
  return !wasSeen && (isCertain || first?.isDistinct) ? first : undefined;
}

function shapeAt({ address, port }: Server, hosts: ModelHosts): string | undefined {
  return hosts[`${address}:${port}`] ?? hosts[address];
}
