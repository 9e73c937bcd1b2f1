'use strict';
const wire = require('../wire.cjs');

/** Messages of Redis: an array of texts asks, anything answers. */
exports.startServer = wire({
  lengthOf: (bytes) => read(bytes)?.length,
  connected(session) {
    let queued;
    return (message) => {
      const words = read(message).words;
      const name = String(words[0]).toUpperCase();
      const shown = words.map((word) => JSON.stringify(word)).join(' ');
      if (name in GREETINGS) return session.answer(shown, () => write(GREETINGS[name](words)), false);
      if (name === 'MULTI') {
        queued = [];
        return session.answer(shown, () => write({ ok: 'OK' }));
      }
      if (name === 'EXEC' && queued) {
        const asked = queued;
        queued = undefined;
        return session.answer(shown, (random) => write(asked.map((one) => answerTo(one, random))));
      }
      queued?.push(name);
      return session.answer(shown, (random) => (queued ? write({ ok: 'QUEUED' }) : odd(random, name)));
    };
  },
});

/** What clients ask by themselves. */
const GREETINGS = {
  HELLO: () => ({ map: ['server', 'redis', 'version', '7.2.0', 'proto', 3] }),
  CLIENT: () => ({ ok: 'OK' }),
  SELECT: () => ({ ok: 'OK' }),
  AUTH: () => ({ ok: 'OK' }),
  QUIT: () => ({ ok: 'OK' }),
  INFO: () => 'redis_version:7.2.0\r\nloading:0\r\n',
};

const ANSWERS = {
  SET: { ok: 'OK' },
  HSET: 2,
  HGETALL: ['a', '1', 'b', 'é😀'],
  MGET: ['a', null],
  LRANGE: ['a', 'b'],
  PING: { ok: 'PONG' },
  SCAN: ['0', ['a', 'b']],
  DEL: 1,
  INCR: 3,
  EVAL: [1, 'a', [null, 2]],
  ZRANGE: ['a', '1.5'],
  FLUSHALL: { ok: 'OK' },
};

const ODD = [null, 0, -1, '', 'text', [], [[]], [null], { ok: 'OK' }, { map: ['a', 1] }, 'x'.repeat(9_000)];

function answerTo(name, random) {
  if (random.chance(0.12))
    return { error: random.pick(['ERR no', 'WRONGTYPE of another kind', 'NOAUTH who', '']) };
  return random.chance(0.15) ? random.pick(ODD) : (ANSWERS[name] ?? 'a value');
}

function odd(random, name) {
  if (random.chance(0.02))
    return Buffer.from(random.pick(['?what\r\n', '\r\n', '$9\r\nab\r\n', ':x\r\n', '*-2\r\n']));
  return write(answerTo(name, random));
}

/** A message in bytes. */
function write(value) {
  if (value === null) return Buffer.from('$-1\r\n');
  if (typeof value === 'number') return Buffer.from(`:${value}\r\n`);
  if (typeof value === 'string') return Buffer.from(`$${Buffer.byteLength(value)}\r\n${value}\r\n`);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from(`*${value.length}\r\n`), ...value.map(write)]);
  if (value.map) return Buffer.concat([Buffer.from(`%${value.map.length / 2}\r\n`), ...value.map.map(write)]);
  return Buffer.from(value.error === undefined ? `+${value.ok}\r\n` : `-${value.error}\r\n`);
}

/** The words of the first message and its length in bytes; nothing before all of it is there. */
function read(bytes) {
  let at = 0;
  const line = () => {
    const end = bytes.indexOf('\r\n', at);
    if (end === -1) return undefined;
    const text = bytes.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  const head = line();
  if (head === undefined) return undefined;
  if (head[0] !== '*') return { words: head.split(' '), length: at };
  const words = [];
  for (let left = Number(head.slice(1)); left > 0; left--) {
    const size = line();
    const length = Number(size?.slice(1));
    if (size === undefined || at + length + 2 > bytes.length) return undefined;
    words.push(bytes.toString('utf8', at, at + length));
    at += length + 2;
  }
  return { words, length: at };
}
