'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const clientsOf = require('../clients.cjs');
const postgres = require('../formats/postgres.cjs');

const { keep, after } = clientsOf((client) => client.end());
Object.assign(exports, { after, startServer: postgres.startServer });
exports.start = async (load, url) => {
  const { Client, Pool, Query } = await load('pg').then((it) => it.default ?? it);
  const connectionString = `postgres://app:secret@${url}/things`;
  const own = (random, args) => args.map((arg) => awkwardRequest(random, arg));
  const quiet = (emitter) => emitter.on('error', () => {});
  function client() {
    const made = quiet(keep(new Client({ connectionString })));
    made.connect().catch(() => {});
    return made;
  }
  const pool = () => quiet(keep(new Pool({ connectionString, max: 2 })));
  const asks = [
    ['text', 'SELECT id, name FROM things'],
    ['values', 'SELECT $1::text AS name', ['a']],
    ['insert', 'INSERT INTO things VALUES ($1, $2)', [1, { a: 1 }]],
    ['config', { text: 'SELECT $1', values: [1], name: 'one' }],
    ['array', { text: 'SELECT 1', rowMode: 'array' }],
    ['config and values', { text: 'UPDATE things SET name = $1' }, ['b']],
  ];
  const withCallback = (target, args) =>
    new Promise((resolve) => {
      const returned = target.query(...args, (...results) => resolve([returned, ...results]));
    });
  const forAll = (name, make) =>
    asks.flatMap(([what, ...args]) => [
      { name: `${name}.query ${what}`, run: (random) => make().query(...own(random, args)) },
      {
        name: `${name}.query ${what} with a callback`,
        run: (random) => withCallback(make(), own(random, args)),
      },
    ]);
  return [
    ...forAll('client', client),
    ...forAll('pool', pool),
    {
      name: 'pool.connect',
      async run(random) {
        const one = await pool().connect();
        try {
          await one.query('BEGIN');
          return await one.query(...own(random, ['INSERT INTO things VALUES ($1)', [1]]));
        } finally {
          one.release(random.chance(0.3));
        }
      },
    },
    {
      name: 'pool.connect with a callback',
      run: (random) =>
        new Promise((resolve) => {
          pool().connect((error, one, release) => {
            if (error) return resolve([error]);
            one.query(...own(random, ['SELECT 1']), (...results) => {
              release();
              resolve(results);
            });
          });
        }),
    },
    {
      name: 'one config for several',
      run(random) {
        const one = client();
        const seen = [];
        const callback = (...results) => seen.push(results);
        const config = awkwardRequest(random, [{ text: 'SELECT 1', callback }])?.[0];
        for (let left = 2; left > 0; left--) one.query(config);
        return one.query('SELECT 2').then(({ rows }) => [rows.length, seen, config?.callback === callback]);
      },
    },
    {
      name: 'a query of events',
      run: (random) =>
        new Promise((resolve) => {
          const seen = [];
          const query = client().query(new Query(...own(random, ['SELECT 1', [1]])));
          for (const name of ['row', 'error', 'end'])
            query.on(name, (value) => {
              seen.push(name, value);
              if (name !== 'row') resolve(seen);
            });
        }),
    },
    {
      name: 'several at once',
      run(random) {
        const one = client();
        return Promise.allSettled([one.query('SELECT 1'), one.query(...own(random, ['SELECT 2', [1]]))]);
      },
    },
    {
      name: 'connect',
      run: (random) => quiet(keep(new Client(awkwardRequest(random, { connectionString })))).connect(),
    },
  ];
};
