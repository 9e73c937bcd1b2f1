'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const clientsOf = require('../clients.cjs');
const mysql = require('../formats/mysql.cjs');

const { keep, after } = clientsOf((client) => client.destroy());
Object.assign(exports, { after, startServer: mysql.startServer });
exports.start = async (load, url) => {
  const knex = await load('knex').then((it) => it.default ?? it);
  const connection = { host: '127.0.0.1', port: Number(url.split(':')[1]), user: 'app', password: 'secret' };
  const client = () => keep(knex({ client: 'mysql2', connection, pool: { min: 0, max: 2 } }));
  const own = (random, args) => args.map((arg) => awkwardRequest(random, arg));
  const call = (name, build) => ({ name, run: (random) => build(client(), (...args) => own(random, args)) });
  return [
    call('select', (db, of) => db('things').select(...of('id', 'name'))),
    call('where', (db, of) => db('things').where(...of({ name: 'a' }))),
    call('insert', (db, of) => db('things').insert(...of({ name: 'a', n: 1 }))),
    call('update', (db, of) =>
      db('things')
        .where('id', 1)
        .update(...of({ name: 'b' })),
    ),
    call('delete', (db) => db('things').where('id', 1).del()),
    call('raw', (db, of) => db.raw(...of('SELECT ? AS one', [1]))),
    call('first', (db, of) => db('things').first(...of('id'))),
    call('events', (db) => {
      const seen = [];
      for (const name of ['query', 'query-error', 'query-response'])
        db.on(name, (_, second) => seen.push(name, second?.sql));
      return db('things')
        .select('id')
        .then((rows) => [rows, seen]);
    }),
    call('transaction', (db, of) =>
      db.transaction(async (within) => {
        await within('things').insert(...of({ name: 'a' }));
        return within('things').select('id');
      }),
    ),
    call('stream', (db) => db('things').select('id').stream()),
  ];
};
