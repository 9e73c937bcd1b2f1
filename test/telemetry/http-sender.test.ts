import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { createHttpSender, type HttpTarget } from '../../src/telemetry/exporters/http-sender';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function backend(answer: RequestListener, options: Partial<HttpTarget> = {}) {
  const server = createServer(answer);
  servers.push(server);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const sender = createHttpSender({
    url,
    headers: {},
    contentType: 'text/plain',
    timeoutMillis: 60_000,
    ...options,
  });
  return { sender, connections: () => connections };
}

const PAYLOAD = Buffer.from('spans');

it('uses one connection for one export after the other', async () => {
  const { sender, connections } = await backend((request, response) => {
    request.resume().on('end', () => response.end('thanks'));
  });
  for (let i = 0; i < 3; i++)
    expect(await sender.send(PAYLOAD)).toMatchObject({ ok: true, body: Buffer.from('thanks') });
  expect(connections()).toBe(1);
});

it('sends its own length and type, whatever the headers say', async () => {
  let seen = {};
  const { sender } = await backend(
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = gunzipSync(Buffer.concat(chunks)).toString();
        seen = { type: request.headers['content-type'], encoding: request.headers['content-encoding'], body };
        response.end();
      });
    },
    {
      headers: { 'content-type': 'x', 'content-length': '1', 'Content-Encoding': 'br' },
      compression: 'gzip',
    },
  );
  expect(await sender.send(PAYLOAD)).toMatchObject({ ok: true });
  expect(seen).toEqual({ type: 'text/plain', encoding: 'gzip', body: 'spans' });
});

it('reads the status, the reason and how long to wait', async () => {
  const { sender } = await backend((request, response) => {
    request.resume().on('end', () => response.writeHead(429, { 'retry-after': '3' }).end(' slow down \n'));
  });
  expect(await sender.send(PAYLOAD)).toEqual({
    ok: false,
    status: 429,
    retryable: true,
    retryAfterMillis: 3_000,
    reason: 'HTTP 429 slow down',
  });
});

it.each([400, 401, 403, 404, 413, 500, 301])('does not call %d worth another try', async (status) => {
  const { sender } = await backend((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end());
  });
  expect(await sender.send(PAYLOAD)).toMatchObject({ ok: false, status, retryable: false });
});

it('does not wait for an answer that only trickles in', async () => {
  const { sender } = await backend(
    (request, response) => {
      const trickle = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(trickle));
      request.resume();
    },
    { timeoutMillis: 200 },
  );
  expect(await sender.send(PAYLOAD)).toMatchObject({
    ok: false,
    retryable: true,
    reason: 'no answer within 200 ms',
  });
});

it('says why when it is aborted', async () => {
  const { sender } = await backend(() => sender.abort('enough'));
  expect(await sender.send(PAYLOAD)).toMatchObject({ ok: false, reason: 'enough' });
});

it('survives a connection that breaks in the middle of an answer', async () => {
  const { sender } = await backend((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });
  expect(await sender.send(PAYLOAD)).toMatchObject({ ok: false, retryable: true });
});

it('knows that nobody listens', async () => {
  const { sender } = await backend(() => {});
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  expect(await sender.send(PAYLOAD)).toMatchObject({ ok: false, retryable: true, refused: true });
});
