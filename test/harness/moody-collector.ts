import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type CollectedSpan, spansOf } from './collector';

/** What a backend does with a request. */
export type Mood =
  | { kind: 'ok' }
  /** Answers with a status; `headers` may ask for patience. */
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  | { kind: 'hang' }
  | { kind: 'reset' }
  /** Takes what is small enough. */
  | { kind: '413'; maxBytes: number }
  /** Takes all but the first `rejected` of each request. */
  | { kind: 'partial'; rejected: number }
  /** Takes it, and answers byte by byte. */
  | { kind: 'trickle' };

export interface MoodyCollector {
  url: string;
  mood: Mood;
  /** By span id: what was taken. */
  taken: Map<string, CollectedSpan>;
  /** Spans taken more than once. */
  twice: number;
  rejected: number;
  /** Requests so far, whatever became of them. */
  requests: number;
  largestBytes: number;
  /** Settles when `isSo` holds after a request. */
  until(isSo: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** A backend on loopback in changing moods. Spans come as OTLP/JSON. */
export async function startMoodyCollector(mood: Mood = { kind: 'ok' }): Promise<MoodyCollector> {
  const waiting: { isSo(): boolean; resolve(): void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      collector.requests += 1;
      const raw = Buffer.concat(chunks);
      collector.largestBytes = Math.max(collector.largestBytes, raw.length);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      answer(body, response);
      for (const one of waiting.splice(0)) {
        if (one.isSo()) one.resolve();
        else waiting.push(one);
      }
    });
  });
  const take = (spans: CollectedSpan[]) => {
    for (const span of spans) {
      if (collector.taken.has(span.spanId)) collector.twice += 1;
      collector.taken.set(span.spanId, span);
    }
  };

  function answer(body: Buffer, response: ServerResponse): void {
    const current = collector.mood;
    const json = (text = '{}') => response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    switch (current.kind) {
      case 'status':
        return void response.writeHead(current.status, current.headers).end();
      case 'hang':
        return;
      case 'reset':
        return void response.socket?.destroy();
      case '413':
        if (body.length > current.maxBytes) return void response.writeHead(413).end();
        break;
    }
    const spans = spansOf(body.toString('utf8'));
    if (current.kind === 'partial') {
      const rejected = Math.min(current.rejected, spans.length);
      collector.rejected += rejected;
      take(spans.slice(rejected));
      return void json(
        JSON.stringify({ partialSuccess: { rejectedSpans: String(rejected), errorMessage: 'too old' } }),
      );
    }
    take(spans);
    if (current.kind !== 'trickle') return void json();
    response.writeHead(200, { 'content-type': 'application/json' });
    const text = '{ "partialSuccess": {} }';
    let at = 0;
    const drip = setInterval(() => {
      if (at < text.length) response.write(text[at++]);
      else {
        clearInterval(drip);
        response.end();
      }
    }, 5);
    response.on('close', () => clearInterval(drip));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector: MoodyCollector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood,
    taken: new Map(),
    twice: 0,
    rejected: 0,
    requests: 0,
    largestBytes: 0,
    until: (isSo) =>
      isSo() ? Promise.resolve() : new Promise((resolve) => void waiting.push({ isSo, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return collector;
}
