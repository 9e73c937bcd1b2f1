'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const clientsOf = require('../clients.cjs');
const mysql = require('../formats/mysql.cjs');

const { keep, after } = clientsOf((client) => (client.destroy ? client.destroy() : client.end(() => {})));
Object.assign(exports, { after, keep, startServer: mysql.startServer });
exports.asks = [
  ['text', 'SELECT id, name FROM things'],
  ['values', 'SELECT ? AS name', ['a']],
  ['insert', 'INSERT INTO things SET ?', { id: 1, name: 'a' }],
  ['options', { sql: 'SELECT ?', values: [1] }],
  ['options and values', { sql: 'UPDATE things SET name = ?' }, ['b']],
];

/** `methods` are those that ask, of a connection and of a pool. */
exports.callsOf = ({ createConnection, createPool }, url, methods) => {
  const options = { host: '127.0.0.1', port: Number(url.split(':')[1]), user: 'app', password: 'secret' };
  const own = (random, args) => args.map((arg) => awkwardRequest(random, arg));
  const connection = () => keep(createConnection(options)).on('error', () => {});
  const pool = () => keep(createPool({ ...options, connectionLimit: 2 }));
  const withCallback = (target, method, args) =>
    new Promise((resolve) => {
      target[method](...args, (...results) => resolve(results.slice(0, 2)));
    });
  const events = (query) =>
    new Promise((resolve) => {
      const seen = [];
      for (const name of ['error', 'fields', 'result', 'end'])
        query.on(name, (value) => {
          seen.push(name, value);
          if (name === 'end' || name === 'error') resolve(seen);
        });
    });
  const ways = [
    ['connection', connection],
    ['pool', pool],
  ];
  return [
    ...ways.flatMap(([name, make]) =>
      methods.flatMap((method) =>
        exports.asks.flatMap(([what, ...args]) => [
          {
            name: `${name}.${method} ${what} with a callback`,
            run: (random) => withCallback(make(), method, own(random, args)),
          },
          {
            name: `${name}.${method} ${what}, events`,
            run: (random) => events(make()[method](...own(random, args))),
          },
        ]),
      ),
    ),
    {
      name: 'pool.getConnection',
      run: (random) =>
        new Promise((resolve) => {
          pool().getConnection((error, one) => {
            if (error) return resolve([error]);
            one.query(...own(random, ['SELECT 1', []]), (...results) => {
              one.release();
              resolve(results.slice(0, 2));
            });
          });
        }),
    },
    {
      name: 'connect',
      run: () => new Promise((resolve) => connection().connect((...results) => resolve(results.length))),
    },
  ];
};
exports.start = async (load, url) =>
  exports.callsOf(await load('mysql').then((it) => it.default ?? it), url, ['query']);
