import type { Agent, ClientRequest, IncomingHttpHeaders } from 'http';
import type { AgentOptions } from 'https';
import type { Socket } from 'net';
import { builtin } from '../../config/builtin';
import { untraced } from '../context';
import type { PostAnswer } from '../last-request';
import { isWritten, readAnswer } from './answer-on-its-way';
import type { Sender, SendResult } from './sending-exporter';

export interface HttpTarget {
  url: string;
  headers: Record<string, string>;
  contentType: string;
  compression?: 'gzip' | 'none';
  /** For one attempt, in milliseconds. */
  timeoutMillis: number;
  /** Certificates and keys, where the connection needs some of its own. */
  tls?: Pick<AgentOptions, 'ca' | 'cert' | 'key'>;
}

/**
 * On a thread of its own: a megabyte takes as long as a dozen requests of the app's. Only who compresses loads zlib,
 * which takes Node 10 ms.
 */
function compressed(payload: Uint8Array): Promise<Uint8Array> {
  const { gzip } = builtin<typeof import('zlib')>('zlib');
  return new Promise((resolve, reject) =>
    gzip(payload, (error, bytes) => (error ? reject(error) : resolve(bytes))),
  );
}

/** Status codes that the OTLP specification calls retryable. */
const RETRYABLE = new Set([429, 502, 503, 504]);
/** Answers are read up to here; a backend has nothing longer to say to an export. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** POSTs that are never traced and never keep the process alive by themselves. */
export function createHttpSender(target: HttpTarget): Sender {
  const url = new URL(target.url);
  const isSecure = url.protocol === 'https:';
  const http = builtin<typeof import('https')>(isSecure ? 'https' : 'http');
  // One for all: connections are used again.
  const agent: Agent = new http.Agent({ keepAlive: true, ...(isSecure && target.tls) });
  const underway = new Set<(error: Error) => void>();
  const open = new Map<Uint8Array, ClientRequest>();

  function request(payload: Uint8Array, body: Uint8Array, onWritten?: () => void): Promise<SendResult> {
    const headers: Record<string, string | number> = {
      ...target.headers,
      'Content-Type': target.contentType,
      'Content-Length': body.byteLength,
    };
    if (target.compression === 'gzip') headers['Content-Encoding'] = 'gzip';
    return new Promise((resolve) => {
      // Where the app is started with `--insecure-http-parser`, the first request that does not say so warns.
      const sent = http.request(url, { method: 'POST', headers, agent, insecureHTTPParser: false });
      const stop = (error: Error) => void sent.destroy(error);
      // For the whole exchange: a socket's own timeout begins anew with every byte.
      const timer = setTimeout(
        () => stop(new Error(`no answer within ${target.timeoutMillis} ms`)),
        target.timeoutMillis,
      );
      timer.unref();
      underway.add(stop);
      open.set(payload, sent);
      const finish = (result: SendResult) => {
        clearTimeout(timer);
        underway.delete(stop);
        open.delete(payload);
        resolve(result);
      };
      const fail = (error: NodeJS.ErrnoException) =>
        finish({
          ok: false,
          retryable: true,
          refused: error.code === 'ECONNREFUSED',
          reason: reasonOf(error),
        });
      sent.on('socket', (socket) => {
        socket.unref();
        // A name with several addresses is tried with a new handle for each.
        if (socket.connecting) socket.once('connect', () => socket.unref());
      });
      sent.on('error', fail);
      if (onWritten) whenWritten(sent, body, isSecure, onWritten);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
        });
        response.on('error', fail);
        response.on('end', () => {
          finish(resultOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)));
        });
      });
      sent.end(body);
    });
  }

  return {
    async send(payload, onWritten) {
      try {
        const body = target.compression === 'gzip' ? await compressed(payload) : payload;
        // From first to last: some tracers look when a request is made, some when it is sent or answered.
        return await untraced(() => request(payload, body, onWritten));
      } catch (error) {
        return { ok: false, retryable: false, reason: (error as Error).message };
      }
    },
    abort(reason) {
      for (const stop of [...underway]) stop(new Error(reason));
    },
    atTheEnd: {
      plan: () => ({
        protocol: 'http',
        url: target.url,
        headers: target.headers,
        contentType: target.contentType,
        compression: target.compression ?? 'none',
        tls: asText(target.tls),
        retryable: [...RETRYABLE],
      }),
      letGo(payload) {
        const sent = open.get(payload);
        if (sent && isWritten(sent)) return (millis) => resultOfAnswer(readAnswer(sent, isSecure, millis));
        // A body that breaks off is taken by nobody.
        sent?.destroy();
        return undefined;
      },
      read: resultOfPost,
    },
  };
}

/** What a socket takes at once. */
const ONE_WRITE_BYTES = 64 * 1024;

/**
 * Right before the request is with the operating system: whoever is ended right after does not get to say that it was
 * written. Larger ones may break off, and are written when all of them is.
 */
function whenWritten(sent: ClientRequest, body: Uint8Array, isSecure: boolean, onWritten: () => void): void {
  let isTold = false;
  const tell = () => {
    if (!isTold) onWritten();
    isTold = true;
  };
  sent.on('finish', tell);
  if (body.byteLength > ONE_WRITE_BYTES) return;
  sent.on('socket', (socket) => {
    const { connecting, secureConnecting } = socket as Socket & { secureConnecting?: boolean };
    if (connecting || secureConnecting) socket.once(isSecure ? 'secureConnect' : 'connect', tell);
    else tell();
  });
}

function resultOfPost(answer: PostAnswer): SendResult {
  if (!('status' in answer))
    return { ok: false, retryable: true, refused: answer.refused, reason: answer.error };
  return resultOf(answer.status, answer.headers, answer.body);
}

/** Undefined: it was not taken, and is sent again. */
function resultOfAnswer(answer: ReturnType<typeof readAnswer>): SendResult | undefined {
  if (answer === 'closed') return undefined;
  if (answer === 'nothing') return { ok: false, retryable: false, reason: 'no answer before the app ended' };
  if (answer === 'answered') return { ok: true, body: new Uint8Array() };
  return RETRYABLE.has(answer) ? undefined : resultOf(answer, {}, Buffer.alloc(0));
}

/** Certificates and keys are text (PEM). */
export function asText(tls: HttpTarget['tls'] = {}): { ca?: string; cert?: string; key?: string } {
  const given = Object.entries(tls).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function resultOf(status: number, headers: IncomingHttpHeaders, body: Buffer): SendResult {
  if (status >= 200 && status < 300) return { ok: true, body };
  return {
    ok: false,
    status,
    retryable: RETRYABLE.has(status),
    retryAfterMillis: retryAfter(headers['retry-after'], Date.now()),
    reason: `HTTP ${status} ${body.toString('utf8', 0, 200).trim()}`.trim(),
  };
}

/** Seconds or an HTTP date, in milliseconds from `now`. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (!value) return undefined;
  const seconds = Number(value);
  const millis = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
  return Number.isNaN(millis) ? undefined : Math.max(0, millis);
}

function reasonOf(error: NodeJS.ErrnoException & { errors?: Error[] }): string {
  // A refused connection to a name with two addresses has its message only in the parts.
  return error.message || error.errors?.[0]?.message || error.code || 'the connection failed';
}
