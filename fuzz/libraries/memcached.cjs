'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const clientsOf = require('../clients.cjs');
const wire = require('../wire.cjs');

const { keep, after } = clientsOf((client) => client.end());

/** Lines; those that store are followed by a line of what is stored. */
const STORES = /^(set|add|replace|append|prepend|cas) /;
exports.startServer = wire({
  lengthOf(bytes) {
    const end = bytes.indexOf('\r\n');
    if (end === -1) return undefined;
    const line = bytes.toString('latin1', 0, end);
    return STORES.test(line) ? end + 4 + Number(line.split(' ')[4]) : end + 2;
  },
  connected: (session) => (bytes) => {
    const [line] = bytes.toString('latin1').split('\r\n');
    const [name, ...keys] = line.split(' ');
    session.answer(JSON.stringify(line), (random) => Buffer.from(answerTo(random, name, keys)));
  },
});

function answerTo(random, name, keys) {
  if (random.chance(0.15))
    return random.pick(['ERROR\r\n', 'CLIENT_ERROR no\r\n', 'SERVER_ERROR no\r\n', 'what\r\n']);
  if (name === 'get' || name === 'gets') {
    const found = keys.filter(() => random.chance(0.8));
    return `${found.map((key) => `VALUE ${key} 0 1${name === 'gets' ? ' 7' : ''}\r\na\r\n`).join('')}END\r\n`;
  }
  const proper = STORES.test(`${name} `)
    ? 'STORED'
    : { delete: 'DELETED', incr: '3', decr: '1', touch: 'TOUCHED' }[name];
  return `${random.chance(0.1) ? random.pick(['NOT_STORED', 'NOT_FOUND', 'EXISTS']) : (proper ?? 'OK')}\r\n`;
}

exports.after = after;
exports.start = async (load, url) => {
  const Memcached = await load('memcached').then((it) => it.default ?? it);
  const call = (name, ...args) => ({
    name,
    run: (random) =>
      new Promise((resolve) => {
        const client = keep(new Memcached(url, { retries: 0, timeout: 300, reconnect: 1e6 }));
        const own = args.map((arg) => awkwardRequest(random, arg));
        client[name](...own, function done(...results) {
          resolve([this?.constructor?.name, results.length, ...results]);
        });
      }),
  });
  return [
    call('get', 'a'),
    call('gets', 'a'),
    call('getMulti', ['a', 'b']),
    call('set', 'a', 'b', 10),
    call('set', 'a', { b: 1 }, 10),
    call('add', 'a', 'b', 10),
    call('replace', 'a', 'b', 10),
    call('append', 'a', 'b'),
    call('cas', 'a', 'b', '7', 10),
    call('del', 'a'),
    call('incr', 'n', 1),
    call('touch', 'a', 10),
    call('version'),
  ];
};
