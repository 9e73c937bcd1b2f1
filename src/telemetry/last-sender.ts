/**
 * A process of its own, started when an app ends at once: posts the batches it gets on stdin and prints what came of
 * each. It knows nothing of spans, and is over with its time.
 */
import { readFileSync } from 'fs';
import { request as httpRequest } from 'http';
import type { PostAnswer, PostPlan } from './last-request';

interface Head {
  millis: number;
  requests: { plan: PostPlan; bytes: number }[];
}

const FIRST_RETRY_MILLIS = 100;
const MAX_BODY_BYTES = 64 * 1024;

const input = readFileSync(0);
const headEnd = input.indexOf('\n');
const { millis, requests } = JSON.parse(input.toString('utf8', 0, headEnd)) as Head;

let at = headEnd + 1;
let waiting = requests.length;
requests.forEach(({ plan, bytes }, i) => {
  void post(plan, input.subarray(at, at + bytes)).then((answer) => {
    const body = 'body' in answer ? { body: answer.body.toString('base64') } : {};
    process.stdout.write(`${JSON.stringify({ i, ...answer, ...body })}\n`);
    waiting -= 1;
    // What is left of connections and timers is nobody's business.
    if (waiting === 0) process.exit();
  });
  at += bytes;
});
// The parent may be gone.
setTimeout(() => process.exit(), millis);

async function post(plan: PostPlan, payload: Buffer): Promise<PostAnswer> {
  const { gzipSync } = require('zlib') as typeof import('zlib');
  const body = plan.compression === 'gzip' ? gzipSync(payload) : payload;
  const once = plan.protocol === 'grpc' ? postGrpc : postHttp;
  for (let wait = FIRST_RETRY_MILLIS; ; wait *= 2) {
    const answer = await once(plan, body);
    const isWorthIt = 'error' in answer ? !answer.refused : plan.retryable.includes(answer.status);
    // The last answer is better than none when time runs out before the next one.
    if (!isWorthIt || performance.now() + wait > millis * 0.9) return answer;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function failure(error: NodeJS.ErrnoException & { errors?: Error[] }): PostAnswer {
  const reason = error.message || error.errors?.[0]?.message || error.code || 'the connection failed';
  return { error: reason, refused: error.code === 'ECONNREFUSED' };
}

function postHttp(plan: PostPlan, body: Buffer): Promise<PostAnswer> {
  const url = new URL(plan.url);
  const request =
    url.protocol === 'https:' ? (require('https') as typeof import('https')).request : httpRequest;
  const headers: Record<string, string | number> = {
    ...plan.headers,
    'Content-Type': plan.contentType,
    'Content-Length': body.byteLength,
  };
  if (plan.compression === 'gzip') headers['Content-Encoding'] = 'gzip';
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve(failure(error));
    const sent = request(url, { method: 'POST', headers, ...plan.tls }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

const GRPC_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const UNKNOWN = 2;

/** One unary call, as the protocol has it: a length before the message, the status in the trailers. */
function postGrpc(plan: PostPlan, message: Buffer): Promise<PostAnswer> {
  const http2 = require('http2') as typeof import('http2');
  const { protocol, host } = new URL(plan.url);
  const isCompressed = plan.compression === 'gzip';
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(isCompressed ? 1 : 0, 0);
  prefix.writeUInt32BE(message.byteLength, 1);
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve(failure(error));
    const session = http2.connect(`${protocol}//${host}`, plan.tls ?? {});
    session.on('error', fail);
    const lowerCase = Object.entries(plan.headers).map(([name, value]) => [name.toLowerCase(), value]);
    const stream = session.request({
      ...Object.fromEntries(lowerCase),
      ':method': 'POST',
      ':path': GRPC_PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...(isCompressed && { 'grpc-encoding': 'gzip' }),
    });
    const chunks: Buffer[] = [];
    let told: import('http2').IncomingHttpHeaders = {};
    stream.on('response', (headers) => (told = { ...told, ...headers }));
    stream.on('trailers', (headers) => (told = { ...told, ...headers }));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', fail);
    stream.on('close', () => {
      session.close();
      const status = Number(told['grpc-status'] ?? UNKNOWN);
      const text = decodeURIComponent(String(told['grpc-message'] ?? ''));
      resolve({ status, headers: {}, body: Buffer.concat(chunks).subarray(5), message: text });
    });
    stream.end(Buffer.concat([prefix, message]));
  });
}
