import { ATTR } from '../genai/attributes';
import type { Attributes } from '../genai/put';
import { asDict, asString, type Dict } from '../genai/read';

/** What a connection is, as far as it is known by now: between whom, over what, and in which version. */
export function connectionAttributes(protocol: Dict, transport: unknown, version?: string): Attributes {
  const attributes: Attributes = {};
  const given = asDict(transport) ?? {};
  const session = asString(given.sessionId);
  if (session) attributes['mcp.session.id'] = session;
  const spoken = version ?? asString(protocol._negotiatedProtocolVersion) ?? asString(given._protocolVersion);
  if (spoken) attributes['mcp.protocol.version'] = spoken;
  const kind = kindOf(given);
  if (kind === 'stdio') attributes['network.transport'] = 'pipe';
  if (kind === 'http' || kind === 'websocket') {
    attributes['network.transport'] = 'tcp';
    attributes['network.protocol.name'] = kind;
  }
  if (given._url instanceof URL) {
    const { hostname, port, protocol: scheme } = given._url;
    attributes[ATTR.serverAddress] = hostname;
    attributes[ATTR.serverPort] = Number(port) || (/^(https|wss):$/.test(scheme) ? 443 : 80);
  }
  return attributes;
}

/** The header of an HTTP request without a session: whoever answers it has seen no `initialize`. */
export function versionInHeaders(extra: unknown): string | undefined {
  const { requestInfo, request } = asDict(extra) ?? {};
  const headers = asDict(requestInfo)?.headers ?? asDict(request)?.headers;
  if (headers instanceof Headers) return headers.get(VERSION_HEADER) ?? undefined;
  return asString(asDict(headers)?.[VERSION_HEADER]);
}
const VERSION_HEADER = 'mcp-protocol-version';

/** By the names of its class and of those it extends. */
function kindOf(transport: object): 'stdio' | 'http' | 'websocket' | undefined {
  let holder: unknown = transport;
  while (typeof holder === 'object' && holder !== null) {
    const name = String(holder.constructor?.name);
    if (/Stdio/.test(name)) return 'stdio';
    if (/WebSocket/.test(name)) return 'websocket';
    if (/HTTP|SSE/.test(name)) return 'http';
    holder = Object.getPrototypeOf(holder);
  }
  return undefined;
}
