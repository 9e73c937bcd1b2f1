import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderServer } from './provider-suite';

export type Body = Record<string, unknown>;

export interface Call {
  path: string;
  /** Parsed where it is JSON. */
  body: Body;
  raw: Buffer;
  /** How often this very request came before. */
  before: number;
  response: ServerResponse;
}

/**
 * A provider on loopback whose answers are the fixture's own; it keeps every request as it came. `/when-asked/x` is for
 * the app: it is answered when a request with `x` in it has arrived.
 */
export async function startFakeProvider(answer: (call: Call) => void): Promise<ProviderServer> {
  const requests: string[] = [];
  const waiting = new Map<string, ServerResponse>();
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const awaited = /^\/when-asked\/(.+)/.exec(request.url ?? '')?.[1];
      if (awaited) {
        if (requests.some((text) => text.includes(awaited))) response.end();
        else waiting.set(awaited, response);
        return;
      }
      for (const [text, waiter] of waiting) {
        if (!`${request.url} ${raw.toString('latin1')}`.includes(text)) continue;
        waiter.end();
        waiting.delete(text);
      }
      requests.push(recorded(request, raw));
      const key = `${request.url} ${raw.toString('latin1')}`;
      const before = seen.get(key) ?? 0;
      seen.set(key, before + 1);
      answer({ path: request.url ?? '', body: parsed(raw), raw, before, response });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests: () => {
      seen.clear();
      return requests.splice(0).sort();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Request line, headers in their order and spelling, body. */
function recorded(request: IncomingMessage, raw: Buffer): string {
  const headers: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  }
  return `${request.method} ${request.url}\n${headers.join('\n')}\n\n${raw.toString('latin1')}`;
}

function parsed(raw: Buffer): Body {
  try {
    return (JSON.parse(raw.toString('utf8')) ?? {}) as Body;
  } catch {
    return {};
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req-1' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export function sendHtml(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<html><body>MARK-ERROR Bad gateway</body></html>');
}

/** Server-sent events; `after` says what comes behind them, by default the end. */
export function sendEvents(
  response: ServerResponse,
  events: unknown[],
  after: (response: ServerResponse) => void = (open) => open.end('data: [DONE]\n\n'),
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(eventText(event));
  after(response);
}

const eventText = (event: unknown): string =>
  typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`;

/**
 * The same events cut where it hurts: inside a character of several bytes (which not every SDK can read) and inside a
 * JSON token. Each piece is sent when the one before it has left.
 */
export function sendEventsInPieces(response: ServerResponse, events: unknown[], cutsCharacter = true): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const whole = Buffer.from(`${events.map(eventText).join('')}data: [DONE]\n\n`);
  // Behind the first byte of the first character that has more than one.
  const inCharacter = cutsCharacter ? whole.findIndex((byte) => byte > 127) + 1 : 20;
  const inToken = whole.lastIndexOf('"') - 3;
  const pieces = [
    whole.subarray(0, inCharacter),
    whole.subarray(inCharacter, inToken),
    whole.subarray(inToken),
  ];
  const next = (): void => {
    const piece = pieces.shift();
    if (!piece) response.end();
    else response.write(piece, () => void setTimeout(next, 15));
  };
  next();
}
