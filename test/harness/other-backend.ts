import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { fixtures } from './paths';

export interface TakenRequest {
  method: string;
  url: string;
  type: string;
  body: Buffer;
}

export interface OtherBackend {
  url: string;
  port: number;
  requests: TakenRequest[];
  close(): Promise<void>;
}

export const CERTIFICATE = join(fixtures, 'http', 'cert.pem');

/** The backend or agent of another tracer, on loopback: keeps what it is sent, and answers what `answer` says. */
export async function startOtherBackend(
  answer: (request: TakenRequest, port: number) => unknown = () => ({}),
  isSecure = false,
): Promise<OtherBackend> {
  const requests: TakenRequest[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const taken = {
        method: request.method ?? '',
        url: request.url ?? '',
        type: request.headers['content-type'] ?? '',
        body: decoded(request, Buffer.concat(chunks)),
      };
      requests.push(taken);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer(taken, port)));
    });
  };
  const server = isSecure
    ? createSecureServer(
        {
          cert: readFileSync(CERTIFICATE),
          key: readFileSync(join(fixtures, 'http', 'key.pem')),
        },
        listener,
      )
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function decoded({ headers }: IncomingMessage, body: Buffer): Buffer {
  if (body.length === 0) return body;
  switch (headers['content-encoding']) {
    case 'gzip':
      return gunzipSync(body);
    case 'deflate':
      return inflateSync(body);
    case 'br':
      return brotliDecompressSync(body);
    default:
      return body;
  }
}
