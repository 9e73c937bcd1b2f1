'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const clientsOf = require('../clients.cjs');
const redis = require('../formats/redis.cjs');

const { keep, after } = clientsOf((client) => client.disconnect());
Object.assign(exports, { after, startServer: redis.startServer });
exports.start = async (load, url) => {
  const { default: Redis } = await load('ioredis').then((it) => ({ default: it.Redis ?? it.default ?? it }));
  const [host, port] = url.split(':');
  const opened = () => {
    const client = keep(
      new Redis({ host, port: Number(port), retryStrategy: null, maxRetriesPerRequest: 0 }),
    );
    return client.on('error', () => {});
  };
  const own = (random, args) => args.map((arg) => awkwardRequest(random, arg));
  const call = (name, ...args) => ({
    name,
    run: (random) => opened()[name](...own(random, args)),
  });
  const chained = (name, end) => ({
    name: `${name}.${end}`,
    run(random) {
      const chain = opened()[name]();
      chain.set(...own(random, ['a', 'b'])).get(...own(random, ['a']));
      if (random.chance(0.3)) chain.hgetall('h');
      return chain[end]();
    },
  });
  return [
    call('get', 'a'),
    call('getBuffer', 'a'),
    call('set', 'a', 'b', 'EX', 10),
    call('mget', ['a', 'b']),
    call('hset', 'h', { a: 1, b: 'c' }),
    call('hgetall', 'h'),
    call('lrange', 'l', 0, -1),
    call('del', 'a', 'b'),
    call('incr', 'n'),
    call('scan', 0, 'MATCH', 'a*'),
    call('eval', 'return {1}', 1, 'a', 'b'),
    call('call', 'PING'),
    call('ping'),
    chained('pipeline', 'exec'),
    chained('multi', 'exec'),
    {
      name: 'with a callback',
      run: (random) =>
        new Promise((resolve) => opened().get(...own(random, ['a']), (...results) => resolve(results))),
    },
    { name: 'scanStream', run: () => opened().scanStream({ match: 'a*' }) },
    {
      name: 'defineCommand',
      run(random) {
        const client = opened();
        client.defineCommand('twice', { numberOfKeys: 1, lua: 'return 2' });
        return client.twice(...own(random, ['a', 1]));
      },
    },
    {
      name: 'connect',
      run(random) {
        const options = awkwardRequest(random, { host, port: Number(port), lazyConnect: true });
        const client = keep(new Redis({ ...Object(options), retryStrategy: null, host, port: Number(port) }));
        return client.on('error', () => {}).connect();
      },
    },
  ];
};
