'use strict';
const { connect } = require('node:net');

/** No server that answers: it is the app's that is asked. */
exports.answer = () => ({ json: {} });

/** One request over a plain socket: no client that is traced. Answers with status, names of headers and body. */
const ask = (port, { method, path, body = '' }) =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      const head = `${method} ${path} HTTP/1.1\r\nhost: app\r\nconnection: close\r\ncontent-type: application/json`;
      socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('error', () => {}).on('close', () => resolve(shown(answer)));
  });

/** Where an error was thrown is told of by its stack, in which everything that wraps a function is seen. */
const STACK = /(<br> (&nbsp; )*&nbsp;at [^<]*)+/g;

function shown(answer) {
  const [head, ...body] = answer.split('\r\n\r\n');
  const [status, ...headers] = head.split('\r\n');
  return [
    status,
    headers.map((line) => line.split(':', 1)[0].toLowerCase()).join(),
    body.join('\r\n\r\n').replace(STACK, ' …').slice(0, 400),
  ];
}

const PATHS = ['/', '/a', '/a/7', '/a/7?q=1', '/b', '/b/c', '/nowhere', '/a/%zz', '//a'];
const BODIES = ['', '', '{"a":1}', '{"a":', '"text"'];

/**
 * A case: an app that `build(random, seen)` makes, and what three requests see of it. `listen(app)` gives its port and how it is
 * closed.
 */
exports.caseOf = (name, build, listen) => ({
  name,
  async run(random) {
    const seen = [];
    let app;
    try {
      app = await build(random, (...values) => seen.push(...values));
    } catch (error) {
      return [...seen, 'not built', error];
    }
    const { port, close } = await listen(app);
    for (let left = 1 + random.below(3); left > 0; left--) {
      const method = random.pick(['GET', 'GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS']);
      seen.push(await ask(port, { method, path: random.pick(PATHS), body: random.pick(BODIES) }));
    }
    await close();
    return seen;
  },
});

/** Of node's HTTP server. */
exports.listening = async (server) => {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: server.address().port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** What a server calls is an object of many properties: of it, what an app looks at. */
exports.requestOf = ({ method, url, baseUrl, params, query, body }) => ({
  method,
  url,
  baseUrl,
  params,
  query,
  body,
});
