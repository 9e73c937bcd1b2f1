import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderServer } from './provider-suite';

export type Body = Record<string, unknown>;

export interface Call {
  /** Path with query. */
  path: string;
  /** The JSON body, or an empty object where there is none. */
  body: Body;
  request: IncomingMessage;
  response: ServerResponse;
  /** How often this very request came, this time included. */
  attempt: number;
  /** Where the server is, for answers that refer to it. */
  url: string;
}

export type Answer = (call: Call) => void;

/** A provider on loopback that keeps every request as it came, byte for byte, and lets `answer` answer it. */
export async function startRecordingServer(answer: Answer): Promise<ProviderServer> {
  const requests: string[] = [];
  const attempts = new Map<string, number>();
  let url = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const recorded = asText(request, raw);
      requests.push(recorded);
      const attempt = (attempts.get(recorded) ?? 0) + 1;
      attempts.set(recorded, attempt);
      answer({ path: request.url ?? '', body: parsed(raw), request, response, attempt, url });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    takeRequests() {
      attempts.clear();
      return requests.splice(0).sort();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Request line, headers in their order and spelling, body. Only what is random in itself is levelled. */
function asText(request: IncomingMessage, raw: Buffer): string {
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

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** What a proxy in front of a provider says. */
export function sendHtmlError(response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'text/html' });
  response.end('<html><body>MARK-ERROR bad gateway</body></html>');
}

/** No answer, but not for ever: a process whose sockets stay open would not end. */
export const hang = (response: ServerResponse): void =>
  void setTimeout(() => response.destroy(), 1_500).unref();

/** Sends `text` in pieces that are cut inside characters and JSON tokens. */
export function sendInPieces(response: ServerResponse, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  const next = (at: number): void => {
    if (at >= bytes.length) return void response.end();
    const end = Math.min(bytes.length, at + 37);
    response.write(bytes.subarray(at, end), () => setImmediate(next, end));
  };
  next(0);
}
