import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtures } from './paths';
import { html, json } from './provider-server';
import type { ProviderServer } from './provider-suite';

/**
 * Chroma's own server, as the npm package `chromadb` ships it, behind a proxy that keeps the requests, and answers
 * queries by itself that ask for it (`where: { misbehave: … }`).
 */
export async function startChromaProvider(): Promise<ProviderServer> {
  const chroma = await startChroma();
  const requests: string[] = [];
  const ids = new StableIds();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      // What the fixture does past the client is no call of it.
      if (!request.headers['x-fixture']) requests.push(recorded(request, raw));
      const how = /"misbehave":"([^"]+)"/.exec(raw.toString())?.[1];
      if (how) misbehave(how, response);
      else forward(chroma.port, ids, request, raw, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests() {
      ids.clear();
      return requests.splice(0).sort();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await chroma.stop();
    },
  };
}

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g;

/** Collections get random ids, which are in paths and error messages: apps see them counted instead. */
class StableIds {
  readonly #shown = new Map<string, string>();
  readonly #real = new Map<string, string>();

  clear(): void {
    this.#shown.clear();
    this.#real.clear();
  }

  show(text: string): string {
    return text.replace(UUID, (id) => {
      let shown = this.#shown.get(id);
      if (!shown) {
        shown = `00000000-0000-4000-8000-${String(this.#shown.size).padStart(12, '0')}`;
        this.#shown.set(id, shown);
        this.#real.set(shown, id);
      }
      return shown;
    });
  }

  real(text: string): string {
    return text.replace(UUID, (shown) => this.#real.get(shown) ?? shown);
  }
}

function recorded(request: IncomingMessage, raw: Buffer): string {
  const headers: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  }
  return `${request.method} ${request.url}\n${headers.join('\n')}\n\n${raw.toString('latin1')}`;
}

function misbehave(how: string, response: ServerResponse): void {
  if (how === 'html') {
    html(response);
    return;
  }
  const status = how === 'broken-json' ? 200 : Number(/\d+/.exec(how)?.[0]);
  json(response, status, status === 200 ? '{"ids": [' : { error: 'Error', message: 'MARK-ERROR' });
}

function forward(
  port: number,
  ids: StableIds,
  request: IncomingMessage,
  raw: Buffer,
  response: ServerResponse,
): void {
  const { method, headers } = request;
  const path = ids.real(request.url ?? '/');
  const upstream = send({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.end(ids.show(Buffer.concat(chunks).toString('latin1')), 'latin1');
    });
  });
  upstream.on('error', () => response.destroy());
  upstream.end(raw);
}

async function startChroma(): Promise<{ port: number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'respan-chroma-'));
  const port = await freePort();
  const cli = join(fixtures, 'sdks/vector-stores/node_modules/chromadb-3/dist/cli.mjs');
  const args = [cli, 'run', '--host', '127.0.0.1', '--port', String(port), '--path', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text));
  await answering(port, child, () => output);
  return {
    port,
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(port: number, child: ChildProcess, output: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`chroma ended: ${output()}`);
    try {
      if ((await fetch(`http://127.0.0.1:${port}/api/v2/heartbeat`)).ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
