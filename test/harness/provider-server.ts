import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderServer } from './provider-suite';

export type Body = Record<string, unknown>;

export interface Call {
  /** Path with query. */
  path: string;
  /** The JSON body, or an empty object where there is none. */
  body: Body;
  raw: Buffer;
  request: IncomingMessage;
  response: ServerResponse;
  /** How often this very request came, this time included. */
  attempt: number;
  /** Where the server is, for answers that refer to it. */
  url: string;
}

/** Answers one request; a provider written from its published reference is one of these. */
export type Answer = (call: Call, response: ServerResponse) => void;

/** Between two requests of an agent there may be a lot of its own work. */
export const FRAMEWORKS_KEEP_ALIVE_MILLIS = 120_000;

/** Whether a request that the clock gives up on has arrived by then is a matter of luck: those are not compared. */
export const isGivenUpByClock = (asked: string): boolean => asked.includes('[timeout');

/**
 * `/when-asked/x` is for the app: it is answered when a request with `x` in it has arrived. An app that aborts a
 * request then, and not some milliseconds later, has sent it on a machine with other work, too.
 */
export function keepWaiting() {
  const arrived: string[] = [];
  const waiting = new Map<string, ServerResponse>();
  return {
    /** Whether a request is such a one; if so, it is taken care of. */
    takes(path: string, response: ServerResponse): boolean {
      const awaited = /^\/when-asked\/(.+)/.exec(path)?.[1];
      if (!awaited) return false;
      const text = decodeURIComponent(awaited);
      if (arrived.some((asked) => asked.includes(text))) response.end();
      else waiting.set(text, response);
      return true;
    },
    /** A request for the provider has come. */
    tell(asked: string): void {
      arrived.push(asked);
      for (const [text, waiter] of waiting) {
        if (!asked.includes(text)) continue;
        waiter.end();
        waiting.delete(text);
      }
    },
    clear: () => void arrived.splice(0),
  };
}

/**
 * A provider on loopback that keeps every request as it came, byte for byte. It takes care of `/when-asked/x`.
 * `keepAliveMillis`: how long a connection may wait for the next
 * request. Node's own five seconds are soon over on a machine with other work; but an app that leaves an answer unread
 * lives as long as that.
 */
export async function startProviderServer(answer: Answer, keepAliveMillis = 5_000): Promise<ProviderServer> {
  const requests: string[] = [];
  const waiting = keepWaiting();
  const attempts = new Map<string, number>();
  let url = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '/';
      const raw = Buffer.concat(chunks);
      const asked = `${path} ${raw.toString('latin1')}`;
      if (waiting.takes(path, response)) return;
      waiting.tell(asked);
      if (!isGivenUpByClock(asked)) requests.push(recorded(request, raw));
      const attempt = (attempts.get(asked) ?? 0) + 1;
      attempts.set(asked, attempt);
      answer({ path, body: parsed(raw), raw, request, response, attempt, url }, response);
    });
  });
  server.keepAliveTimeout = keepAliveMillis;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    takeRequests() {
      attempts.clear();
      waiting.clear();
      return requests.splice(0).sort();
    },
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

/** What a proxy in front of a provider says. */
export function html(
  response: ServerResponse,
  status = 502,
  text = '<html><body>MARK-ERROR bad gateway</body></html>',
): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(text);
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
  inPieces(response, pieces, setImmediate);
}

/** Each piece is sent when the one before it has left. */
function inPieces(response: ServerResponse, pieces: Buffer[], later: (next: () => void) => unknown): void {
  const next = (): void => {
    const piece = pieces.shift();
    if (!piece) response.end();
    else response.write(piece, () => void later(next));
  };
  next();
}

/** Sends `text` in pieces that are cut inside characters and JSON tokens; the head has been sent. */
export function sendInPieces(response: ServerResponse, text: string): void {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 37) pieces.push(bytes.subarray(at, at + 37));
  inPieces(response, pieces, setImmediate);
}

/** Server-sent events; `after` says what comes behind them, by default the end. */
export function sendEvents(
  response: ServerResponse,
  events: unknown[],
  after: (response: ServerResponse) => void = (open) => open.end(sse('[DONE]')),
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(eventText(event));
  after(response);
}

/** Text is sent as it is. */
const eventText = (event: unknown): string => (typeof event === 'string' ? event : sse(event));

/** The same events cut inside a character of several bytes (which not every SDK can read) and inside a JSON token. */
export function sendEventsInPieces(response: ServerResponse, events: unknown[], cutsCharacter = true): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const whole = Buffer.from(`${events.map(eventText).join('')}${sse('[DONE]')}`);
  // Behind the first byte of the first character that has more than one.
  const inCharacter = cutsCharacter ? whole.findIndex((byte) => byte > 127) + 1 : 20;
  const inToken = whole.lastIndexOf('"') - 3;
  const pieces = [
    whole.subarray(0, inCharacter),
    whole.subarray(inCharacter, inToken),
    whole.subarray(inToken),
  ];
  inPieces(response, pieces, (next) => setTimeout(next, 15));
}

/** No answer, but not for ever: some SDKs leave such a socket open, and the process with it. */
export const hang = (response: ServerResponse, millis = 1_500): void =>
  void setTimeout(() => response.destroy(), millis).unref();

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
