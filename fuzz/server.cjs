'use strict';
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const http2 = require('node:http2');
const net = require('node:net');
const { join } = require('node:path');
const { setImmediate: turn } = require('node:timers/promises');
const { awkwardAnswer } = require('./awkward.cjs');
const { withoutChance } = require('./observe.cjs');
const openDesk = require('./desk.cjs');

/**
 * Answers the calls of one case after the other, as the case's seed has it: whole or broken, in one piece or in many.
 * `answer(request, random)` of a library says what a provider would answer: `{ json }`, `{ events }` (server-sent),
 * `{ lines }` (of JSON), `{ bytes, type }`.
 */
module.exports = async function startServer({ answer: answerOf, ignoredHeader, tls, eitherVersion }) {
  const desk = openDesk();
  const listener = (request, response) => {
    const { random, note, done } = desk.take();
    response.on('close', done).on('error', () => {});
    const body = [];
    request.on('data', (chunk) => {
      desk.touched();
      body.push(chunk);
    });
    request.on('error', () => {});
    request.on('end', async () => {
      const sent = Buffer.concat(body);
      note(`request ${request.method} ${request.url} ${headersOf(request, ignoredHeader)} ${shown(sent)}`);
      await answer(
        response,
        random,
        answerOf({ url: request.url, method: request.method, body: jsonOf(sent) }, random),
      );
    });
  };
  const server = tls
    ? require('node:https').createServer({ cert: pem('cert'), key: pem('key') }, listener)
    : (eitherVersion ? serverOfEither : createServer)(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}`,
    ...desk.asServer,
    close() {
      server.close();
      server.closeAllConnections?.();
    },
  };
};

/** For clients some versions of which speak HTTP/2: they say so with their first bytes. */
function serverOfEither(listener) {
  const [older, newer] = [createServer(listener), http2.createServer(listener)];
  return net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      (first.toString('latin1').startsWith('PRI') ? newer : older).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
}

const pem = (name) => readFileSync(join(__dirname, '../fixtures/http', `${name}.pem`));

const jsonOf = (bytes) => {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
};

/** Multipart boundaries are new each time, and a body that a library has made of an odd value may be any memory. */
const shown = (bytes) =>
  jsonOf(bytes) === undefined
    ? `about ${Math.round(bytes.length / 100)}00 bytes`
    : withoutChance(bytes.toString().slice(0, 3_000));

/** Names alone: values tell of versions, times and ports. */
const headersOf = ({ rawHeaders }, ignored) =>
  rawHeaders
    .filter((_, index) => index % 2 === 0)
    .map((name) => name.toLowerCase())
    .filter((name) => name !== 'connection' && name !== ignored)
    .join();

const FAILURES = [400, 401, 403, 404, 409, 422, 429, 500, 503];
const BODIES = [
  () => JSON.stringify({ error: { message: 'no', type: 'invalid', code: null, param: 'model' } }),
  () => JSON.stringify({ message: 'no' }),
  () => JSON.stringify([1]),
  () => '"text"',
  () => '<html><body>Bad Gateway</body></html>',
  () => '',
  () => '{"error":',
];

async function answer(response, random, proper) {
  response.sendDate = false;
  // Whatever is asked again is asked at once.
  const headers = {
    'retry-after-ms': '1',
    'retry-after': '0',
    'x-request-id': 'req_1',
    'request-id': 'req_1',
  };
  if (random.chance(0.12)) {
    response.writeHead(random.pick(FAILURES), {
      ...headers,
      'content-type': random.pick(['application/json', 'text/html']),
    });
    response.end(random.pick(BODIES)());
    return;
  }
  const { type, text } = written(random, proper);
  response.writeHead(200, { ...headers, 'content-type': random.chance(0.03) ? 'text/plain' : type });
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text);
  const end = random.chance(0.06) ? random.below(bytes.length + 1) : bytes.length;
  const breaksOff = random.chance(0.03);
  const pieces = random.chance(0.5) ? 1 : 1 + random.below(12);
  for (let piece = 0; piece < pieces; piece++) {
    response.write(
      bytes.subarray(Math.floor((end * piece) / pieces), Math.floor((end * (piece + 1)) / pieces)),
    );
    await turn();
  }
  if (breaksOff && response.stream) response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  else if (breaksOff) response.socket?.end();
  else response.end();
}

function written(random, { json, events, lines, bytes, type }) {
  if (bytes) return { type: type ?? 'application/octet-stream', text: bytes };
  if (events) {
    const parts = shuffled(random, events).map(({ event, data }) => {
      const line = typeof data === 'string' ? data : (JSON.stringify(awkwardAnswer(random, data)) ?? 'null');
      return `${event ? `event: ${event}\n` : ''}data: ${line}\n\n`;
    });
    return { type: 'text/event-stream', text: parts.join('') };
  }
  if (lines) {
    const parts = shuffled(random, lines).map(
      (line) => `${JSON.stringify(awkwardAnswer(random, line)) ?? 'null'}\n`,
    );
    return { type: type ?? 'application/x-ndjson', text: parts.join('') };
  }
  return { type: 'application/json', text: JSON.stringify(awkwardAnswer(random, json)) ?? 'null' };
}

/** Mostly as they are; sometimes one is missing, twice there, or early. */
function shuffled(random, parts) {
  if (random.chance(0.7) || parts.length < 2) return parts;
  const list = [...parts];
  const at = random.below(list.length);
  const [part] = list.splice(at, 1);
  if (random.chance(0.6)) list.splice(random.below(list.length), 0, part);
  if (random.chance(0.3)) list.splice(at, 0, part, part);
  return list;
}
