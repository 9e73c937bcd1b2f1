import type { Agent, IncomingHttpHeaders } from 'http';
import { gzipSync } from 'zlib';
import { builtin } from '../../config/builtin';
import { untraced } from '../context';

export interface HttpTarget {
  url: string;
  headers: () => Record<string, string> | Promise<Record<string, string>>;
  compression: 'gzip' | 'none';
  /** For one attempt, in milliseconds. */
  timeoutMillis: number;
  agent: (protocol: string) => Agent | Promise<Agent>;
}

export type SendResult =
  | { ok: true; body: Uint8Array }
  | { ok: false; retryable: boolean; retryAfterMillis?: number; status?: number; reason: string };

/** Status codes that the OTLP specification calls retryable. */
const RETRYABLE = new Set([429, 502, 503, 504]);
/** Answers are read up to here; a backend has nothing longer to say to an export. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** One POST. Never rejects, is never traced, and never keeps the process alive by itself. */
export async function post(
  target: HttpTarget,
  payload: Uint8Array,
  contentType: string,
): Promise<SendResult> {
  try {
    const url = new URL(target.url);
    const agent = await target.agent(url.protocol);
    const headers: Record<string, string> = { ...(await target.headers()), 'Content-Type': contentType };
    let body: Uint8Array = payload;
    if (target.compression === 'gzip') {
      body = gzipSync(payload);
      headers['Content-Encoding'] = 'gzip';
    }
    headers['Content-Length'] = String(body.byteLength);
    // From first to last: some tracers look when the request is made, some when it is sent or answered.
    return await untraced(() => request(url, headers, agent, body, target.timeoutMillis));
  } catch (error) {
    return { ok: false, retryable: false, reason: (error as Error).message };
  }
}

function request(
  url: URL,
  headers: Record<string, string>,
  agent: Agent,
  body: Uint8Array,
  timeoutMillis: number,
): Promise<SendResult> {
  const http = builtin<typeof import('http')>(url.protocol === 'https:' ? 'https' : 'http');
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ ok: false, retryable: true, reason: reasonOf(error) });
    const sent = http.request(url, { method: 'POST', headers, agent });
    sent.on('socket', (socket) => socket.unref());
    sent.setTimeout(timeoutMillis, () => sent.destroy(new Error(`no answer within ${timeoutMillis} ms`)));
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        resolve(resultOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)));
      });
    });
    sent.end(body);
  });
}

function resultOf(status: number, headers: IncomingHttpHeaders, body: Buffer): SendResult {
  if (status >= 200 && status < 300) return { ok: true, body };
  return {
    ok: false,
    status,
    retryable: RETRYABLE.has(status),
    retryAfterMillis: retryAfter(headers['retry-after']),
    reason: `HTTP ${status} ${body.toString('utf8', 0, 200).trim()}`.trim(),
  };
}

/** Seconds or an HTTP date, in milliseconds from now. */
function retryAfter(value: string | undefined): number | undefined {
  if (!value) return undefined;
  const seconds = Number(value);
  const millis = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isNaN(millis) ? undefined : Math.max(0, millis);
}

function reasonOf(error: NodeJS.ErrnoException & { errors?: Error[] }): string {
  // A refused connection to a name with two addresses has its message only in the parts.
  return error.message || error.errors?.[0]?.message || error.code || 'the connection failed';
}
