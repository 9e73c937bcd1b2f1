'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { after, asks, callsOf, keep, startServer } = require('./mysql.cjs');

Object.assign(exports, { after, startServer });
exports.start = async (load, url) => {
  const sdk = await load('mysql2').then((it) => it.default ?? it);
  const promises = await load('mysql2/promise').then((it) => it.default ?? it);
  const options = { host: '127.0.0.1', port: Number(url.split(':')[1]), user: 'app', password: 'secret' };
  const awaited = ['query', 'execute'].flatMap((method) =>
    asks.map(([what, ...args]) => ({
      name: `promise pool.${method} ${what}`,
      run: (random) =>
        keep(promises.createPool(options))[method](...args.map((arg) => awkwardRequest(random, arg))),
    })),
  );
  return [
    ...callsOf(sdk, url, ['query', 'execute']),
    ...awaited,
    {
      name: 'promise connection',
      async run(random) {
        const connection = keep(await promises.createConnection(options));
        await connection.beginTransaction();
        return connection.query(...['SELECT ?', [1]].map((arg) => awkwardRequest(random, arg)));
      },
    },
  ];
};
