import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { awsMessage } from './aws-message';
import { answersOf, type Body } from './net-answers';
import type { ProviderServer } from './provider-suite';

/**
 * Every model API of fixtures/net/apis.cjs on one port, told apart by their paths. Models whose names say so misbehave.
 * Requests to 127.0.0.8 are to the app's own services, and not kept.
 */
export async function startNetProvider(): Promise<ProviderServer> {
  const requests: string[] = [];
  const hanging = new Set<ServerResponse>();
  let silent = 0;
  let waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      if (!request.headers.host?.startsWith('127.0.0.8')) requests.push(recorded(request, raw));
      const body = parsed(raw);
      if (request.url === '/bye') {
        for (const open of hanging) open.destroy();
        response.end();
      } else if (request.url === '/seen') {
        waiting.push(response);
      } else if (body.model === 'silent') {
        hanging.add(response);
        silent += 1;
      } else {
        void answer(request.url ?? '', body, response, hanging).catch(() => response.destroy());
      }
      while (silent > 0 && waiting.length > 0) {
        silent -= 1;
        waiting.shift()?.end();
      }
    });
  });
  // On a slow machine a connection may be idle for longer than the default between two steps.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests: () => requests.splice(0).sort(),
    close: () =>
      new Promise((resolve) => {
        waiting = [];
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function recorded(request: IncomingMessage, raw: Buffer): string {
  const headers = request.rawHeaders.map((text, at) => (at % 2 === 0 ? `\n${text}: ` : text)).join('');
  return `${request.method} ${request.url}${headers}\n\n${raw.toString('latin1')}`;
}

function parsed(raw: Buffer): Body {
  try {
    return (JSON.parse(raw.toString('utf8')) ?? {}) as Body;
  } catch {
    return {};
  }
}

const ENCODERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
};

let large: Buffer | undefined;
const jsonOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

async function answer(url: string, body: Body, response: ServerResponse, hanging: Set<ServerResponse>) {
  const model = String(body.model ?? '');
  const [, status] = /^status-(\d+)$/.exec(model) ?? [];
  if (status) {
    response.writeHead(Number(status), { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'MARK-ERROR', type: 'rejected', code: null } }));
    return;
  }
  if (model.startsWith('html')) {
    response.writeHead(model === 'html' ? 502 : 200, { 'content-type': 'text/html' });
    response.end('<html><body>MARK-PAGE</body></html>');
    return;
  }
  if (model === 'empty') {
    response.end();
    return;
  }
  const { whole, events, lines, messages } =
    model === 'large' && large ? { whole: {} } : answersOf(url, body);
  if (whole !== undefined) {
    // Ten megabytes are not made anew for each request.
    const bytes = model === 'large' ? (large ??= jsonOf(whole)) : jsonOf(whole);
    const encode = ENCODERS[model];
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(encode && { 'content-encoding': model }),
    });
    response.end(encode ? encode(bytes) : bytes);
    return;
  }
  if (lines) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
    response.end();
    return;
  }
  if (messages) {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    response.end(Buffer.concat(messages.map(([type, payload]) => awsMessage(type, payload))));
    return;
  }
  await stream(model, events ?? [], response, hanging);
}

async function stream(
  model: string,
  events: unknown[],
  response: ServerResponse,
  hanging: Set<ServerResponse>,
) {
  const encode = ENCODERS[model];
  response.writeHead(200, {
    'content-type': model === 'no-type' ? 'text/plain' : 'text/event-stream; charset=utf-8',
    ...(encode && { 'content-encoding': model }),
  });
  const texts = [...events, '[DONE]'].map((event) => {
    const data = typeof event === 'string' ? event : JSON.stringify(event);
    return model === 'lines' ? awkward(data) : `${nameOf(event)}data: ${data}\n\n`;
  });
  if (model === 'hang' || model === 'hang-up') {
    hanging.add(response);
    response.write(texts[0]);
    if (model === 'hang') return;
    await turn();
    response.destroy();
    return;
  }
  const bytes = Buffer.from(texts.join(''));
  if (encode) {
    response.end(encode(bytes));
    return;
  }
  // `cut`: inside of characters, of JSON tokens and of line ends.
  const size = model === 'cut' || model === 'lines' ? 7 : 65_536;
  for (let at = 0; at < bytes.length; at += size) {
    if (!response.write(bytes.subarray(at, at + size))) {
      await new Promise((resolve) => response.once('drain', resolve));
    }
    if (size < 100) await turn();
  }
  response.end();
}

/** Anthropic's events have names, which its client goes by. */
function nameOf(event: unknown): string {
  const { type } = event as { type?: unknown };
  return /^(message|content_block)_/.test(String(type)) ? `event: ${type}\n` : '';
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** An event with everything the format allows: a comment, other fields, CRLF, data on several lines. */
function awkward(data: string): string {
  const at = data.indexOf(',') + 1;
  return `: comment, data: none\r\nevent: message\r\nid: 7\r\ndata:${data.slice(0, at)}\r\ndata: ${data.slice(at)}\r\nretry: 5\r\n\r\n`;
}
