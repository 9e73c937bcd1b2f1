'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const clientsOf = require('../clients.cjs');
const redis = require('../formats/redis.cjs');

/** From 5 on `destroy`, from 4 `disconnect`, before `end`. */
const { keep, after } = clientsOf((client) =>
  client.destroy ? client.destroy() : client.disconnect ? client.disconnect() : client.end(false),
);
Object.assign(exports, { after, startServer: redis.startServer });
exports.start = async (load, url) => {
  const { createClient, ...sdk } = await load('redis').then((it) => ({ ...it.default, ...it }));
  const isOld = sdk.defineScript === undefined;
  const options = (random) => ({
    url: `redis://${url}`,
    ...(isOld ? { retry_strategy: () => undefined } : { socket: { reconnectStrategy: false } }),
    ...(random.chance(0.2) && { RESP: 3 }),
  });
  const own = (random, args) => args.map((arg) => awkwardRequest(random, arg));
  function opened(random) {
    const client = keep(createClient(options(random)));
    client.on('error', () => {});
    if (!isOld) client.connect().catch(() => {});
    return client;
  }
  if (isOld) return ofThree(opened, own);
  const call = (name, ...args) => ({ name, run: (random) => opened(random)[name](...own(random, args)) });
  const chained = (end) => ({
    name: `multi.${end}`,
    run(random) {
      const chain = opened(random).multi();
      chain.set(...own(random, ['a', 'b'])).get(...own(random, ['a']));
      if (random.chance(0.3)) chain.hGetAll('h');
      return chain[end]();
    },
  });
  return [
    call('get', 'a'),
    call('set', 'a', 'b', { EX: 10 }),
    call('mGet', ['a', 'b']),
    call('hSet', 'h', { a: '1', b: 'c' }),
    call('hGetAll', 'h'),
    call('lRange', 'l', 0, -1),
    call('del', ['a', 'b']),
    call('incr', 'n'),
    call('scan', '0', { MATCH: 'a*' }),
    call('eval', 'return {1}', { keys: ['a'], arguments: ['b'] }),
    call('sendCommand', ['PING']),
    call('ping'),
    chained('exec'),
    chained('execAsPipeline'),
    { name: 'scanIterator', run: (random) => opened(random).scanIterator({ MATCH: 'a*' }) },
    {
      name: 'connect',
      run(random) {
        const client = keep(createClient(options(random)));
        return client.on('error', () => {}).connect();
      },
    },
    {
      name: 'several at once',
      run(random) {
        const client = opened(random);
        return Promise.all([client.get('a'), client.set(...own(random, ['a', 'b'])), client.ping()]);
      },
    },
  ];
};

/** What takes callbacks. */
function ofThree(opened, own) {
  const call = (name, ...args) => ({
    name,
    run: (random) =>
      new Promise((resolve) => {
        const client = opened(random);
        const returned = client[name](...own(random, args), (...results) => resolve([returned, ...results]));
      }),
  });
  const chained = (name) => ({
    name,
    run: (random) =>
      new Promise((resolve) => {
        const chain = opened(random)[name]();
        chain.set(...own(random, ['a', 'b'])).get(...own(random, ['a']));
        chain.exec((...results) => resolve(results));
      }),
  });
  return [
    call('get', 'a'),
    call('set', 'a', 'b', 'EX', 10),
    call('mget', ['a', 'b']),
    call('hmset', 'h', { a: 1, b: 'c' }),
    call('hgetall', 'h'),
    call('lrange', 'l', 0, -1),
    call('del', 'a', 'b'),
    call('send_command', 'PING', []),
    call('scan', 0, 'MATCH', 'a*'),
    call('ping'),
    chained('multi'),
    chained('batch'),
    { name: 'without a callback', run: (random) => opened(random).get(...own(random, ['a'])) },
  ];
}
