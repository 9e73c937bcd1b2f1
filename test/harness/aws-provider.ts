import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { isSignatureValid } from './aws-signature';
import type { ProviderServer } from './provider-suite';

export interface AwsCall {
  /** Decoded, without the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  raw: Buffer;
  /** The body where it is JSON. */
  body: Record<string, unknown>;
  /** How often this very request came, this time included. */
  attempt: number;
}

/** Writes an answer; the same for HTTP/1.1 and for HTTP/2, which the newer clients speak. */
export interface AwsAnswer {
  json(body: unknown, headers?: Record<string, string>): void;
  error(status: number, type: string, message: string): void;
  send(status: number, headers: Record<string, string>, body: string | Buffer): void;
  /** An event stream in pieces of `size` bytes, each written by itself; ended unless told otherwise. */
  events(messages: Buffer[], options?: { size?: number; end?: 'end' | 'cut' | 'hang' }): void;
  /** No answer, but not for ever. */
  hang(): void;
}

export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** Model services of AWS on loopback. Requests are kept as they came, and whether their signatures hold. */
export async function startAwsProvider(
  answer: (call: AwsCall, answer: AwsAnswer) => void,
): Promise<ProviderServer> {
  const requests: string[] = [];
  const attempts = new Map<string, number>();

  const onRequest = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    response.on('error', () => {});
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const seen = recorded(request, raw);
      // Whether a request that is given up soon has arrived is a matter of luck.
      if (!/\bhang\//.test(request.url ?? '')) requests.push(seen);
      const key = `${request.url} ${raw.toString('latin1')}`;
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
      const call = { path, headers: request.headers, raw, body: parsed(raw), attempt };
      answer(call, answerTo(response as ServerResponse));
    });
  };

  const http = createHttpServer(onRequest);
  // On a loaded machine a client may take long to use a connection again.
  http.keepAliveTimeout = 120_000;
  const http2 = createHttp2Server(onRequest);
  const sockets = new Set<Socket>();
  // Which of the two a client speaks is known from its first bytes.
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first.subarray(0, 3).toString('latin1') === 'PRI' ? http2 : http).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests() {
      attempts.clear();
      return requests.splice(0).sort();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function answerTo(response: ServerResponse): AwsAnswer {
  const id = { 'x-amzn-requestid': 'request-1' };
  const json: AwsAnswer['json'] = (body, headers) => {
    response.writeHead(200, { 'content-type': 'application/json', ...id, ...headers });
    response.end(JSON.stringify(body));
  };
  // Of HTTP/2 one stream; of HTTP/1.1 the connection.
  const cut = () => void ((response as unknown as Http2ServerResponse).stream ?? response).destroy();
  const hang = () => void setTimeout(cut, 1_500).unref();
  return {
    json,
    hang,
    error(status, type, message) {
      const headers = { 'content-type': 'application/json', 'x-amzn-errortype': type, ...id };
      response.writeHead(status, headers);
      response.end(JSON.stringify({ message }));
    },
    send(status, headers, body) {
      response.writeHead(status, { ...id, ...headers });
      response.end(body);
    },
    events(messages, { size = 7, end = 'end' } = {}) {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream', ...id });
      const bytes = Buffer.concat(messages);
      let at = 0;
      const next = () => {
        if (response.destroyed) return;
        if (at >= bytes.length) {
          if (end === 'end') response.end();
          else if (end === 'cut') cut();
          else hang();
          return;
        }
        response.write(bytes.subarray(at, at + size), () => setImmediate(next));
        at += size;
      };
      next();
    },
  };
}

/** Request line, headers in their order and spelling, body. What is of the moment is levelled. */
function recorded(request: IncomingMessage | Http2ServerRequest, raw: Buffer): string {
  const headers: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  }
  const isValid = isSignatureValid(
    { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: raw },
    SECRET,
  );
  const levelled = headers
    .join('\n')
    .replace(/(Signature=)\w+/, '$1<signature>')
    .replace(/(x-amz-date: )\w+/i, '$1<date>')
    .replace(/\/\d{8}\//, '/<day>/')
    .replace(/(amz-sdk-invocation-id: )[\w-]+/i, '$1<id>')
    .replace(/ttl=\w+/, 'ttl=<time>');
  return `${request.method} ${request.url}\n${levelled}\nsignature holds: ${isValid}\n\n${raw.toString('latin1')}`;
}

function parsed(raw: Buffer): Record<string, unknown> {
  try {
    return (JSON.parse(raw.toString('utf8')) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
