'use strict';
const { once } = require('node:events');
const { createServer } = require('node:net');
const { setImmediate: turn } = require('node:timers/promises');
const { withoutChance } = require('./observe.cjs');
const openDesk = require('./desk.cjs');

/**
 * A server for a protocol of its own, such as a database's. `lengthOf(bytes)` says how long the first message is, or nothing
 * before that is known, or NaN for what is none. `connected(session)` gives what takes each message of a connection, by
 * `session.answer(shown, bytesOf, canBreak)`: `bytesOf(random)` is what the seed has for an answer, and may be nothing.
 */
module.exports = ({ lengthOf, connected }) =>
  async function startWire(_table, inApp) {
    const desk = openDesk();
    const sockets = new Set();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      const take = connected(sessionOf(desk, socket), inApp);
      let waiting = Buffer.alloc(0);
      socket.on('data', (bytes) => {
        desk.touched();
        waiting = Buffer.concat([waiting, bytes]);
        for (;;) {
          const length = lengthOf(waiting);
          if (Number.isNaN(length)) return socket.destroy();
          if (length === undefined || waiting.length < length) return;
          const message = waiting.subarray(0, length);
          waiting = waiting.subarray(length);
          take(message);
        }
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return {
      url: `127.0.0.1:${server.address().port}`,
      ...desk.asServer,
      close() {
        server.close();
        for (const socket of sockets) socket.destroy();
      },
    };
  };

function sessionOf(desk, socket) {
  let before = Promise.resolve();
  return {
    /** What is asked by nobody. */
    greet: (bytes) => void (bytes && socket.write(bytes)),
    answer(shown, bytesOf, canBreak = true) {
      const { random, note, done } = desk.take();
      note(`request ${withoutChance(shown.slice(0, 1_000))}`);
      const bytes = bytesOf(random);
      before = before.then(() => send(socket, random, bytes, canBreak)).finally(done);
    },
  };
}

/** In one piece or in several, and sometimes not to its end. */
async function send(socket, random, bytes, canBreak) {
  if (!bytes || socket.destroyed) return;
  const breaksOff = canBreak && random.chance(0.05);
  const end = breaksOff ? random.below(bytes.length + 1) : bytes.length;
  const pieces = random.chance(0.5) ? 1 : 1 + random.below(8);
  for (let piece = 0; piece < pieces; piece++) {
    socket.write(
      bytes.subarray(Math.floor((end * piece) / pieces), Math.floor((end * (piece + 1)) / pieces)),
    );
    await turn();
  }
  if (breaksOff) socket.end();
}
