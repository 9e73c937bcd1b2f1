import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderServer } from './provider-suite';

export type Body = Record<string, unknown>;

export interface ProviderRequest {
  path: string;
  /** The JSON body, or nothing where it is none. */
  body: Body;
  raw: Buffer;
  request: IncomingMessage;
}

/** Answers one request; a provider written from its published reference is one of these. */
export type Answer = (request: ProviderRequest, response: ServerResponse) => void;

/**
 * A provider on loopback that keeps every request as it came, byte for byte. `keepAliveMillis`: how long a connection may
 * wait for the next request; Node's own five seconds are soon over on a machine with other work.
 */
export async function startProviderServer(answer: Answer, keepAliveMillis = 5_000): Promise<ProviderServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      requests.push(recorded(request, raw));
      answer({ path: request.url ?? '/', body: parsed(raw), raw, request }, response);
    });
  });
  server.keepAliveTimeout = keepAliveMillis;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests: () => requests.splice(0).sort(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Request line, headers in their order and spelling, body. Only what is random in itself is levelled. */
function recorded(request: IncomingMessage, raw: Buffer): string {
  const headers: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  }
  const whole = `${request.method} ${request.url}\n${headers.join('\n')}\n\n${raw.toString('latin1')}`;
  const boundary = /boundary="?([^\s";]+)/.exec(whole)?.[1];
  return boundary ? whole.replaceAll(boundary, 'BOUNDARY') : whole;
}

function parsed(raw: Buffer): Body {
  try {
    return (JSON.parse(raw.toString('utf8')) ?? {}) as Body;
  } catch {
    return {};
  }
}

export function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export const HTML_PAGE = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1> MARK-ERROR</body></html>';

export function html(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(HTML_PAGE);
}

/** One server-sent event. */
export const sse = (data: unknown, event?: string): string =>
  `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

export function stream(response: ServerResponse, text: string, type = 'text/event-stream'): void {
  response.writeHead(200, { 'content-type': type });
  response.end(text);
}

/** `text`, cut within each of its characters that are longer than a byte, and within each number and word. */
export function cutStream(response: ServerResponse, text: string, type = 'text/event-stream'): void {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = 1; at < bytes.length; at += 1) {
    const isWithinCharacter = (bytes[at]! & 0xc0) === 0x80;
    if (!isWithinCharacter && at - from < 40) continue;
    pieces.push(bytes.subarray(from, at));
    from = at;
  }
  pieces.push(bytes.subarray(from));
  response.writeHead(200, { 'content-type': type });
  const next = (): void => {
    const piece = pieces.shift();
    if (!piece) response.end();
    else response.write(piece, () => setImmediate(next));
  };
  next();
}

/** No answer, but not for ever: some SDKs leave such a socket open, and the process with it. */
export function hang(response: ServerResponse): void {
  setTimeout(() => response.destroy(), 1_500).unref();
}

/** The first part of a stream; what follows is up to `then`. */
export function beginning(
  response: ServerResponse,
  text: string,
  then: () => void,
  type = 'text/event-stream',
): void {
  response.writeHead(200, { 'content-type': type });
  response.write(text, then);
}

/** Whether this is an odd attempt at sending the very same request. */
export function oddAttempts(): (raw: Buffer) => boolean {
  const attempts = new Map<string, number>();
  return (raw) => {
    const attempt = (attempts.get(raw.toString()) ?? 0) + 1;
    attempts.set(raw.toString(), attempt);
    return attempt % 2 === 1;
  };
}
