'use strict';
const { awkwardRequest } = require('../awkward.cjs');

exports.answer = () => ({ json: {} });
exports.start = async (load) => {
  const { createPool } = await load('generic-pool').then((it) => it.default ?? it);
  let made = 0;
  const CREATES = [async () => ({ id: ++made }), () => ({ id: 0 })];
  const poolOf = (random) => {
    made = 0;
    const factory = { create: random.pick(CREATES), destroy: async () => {}, validate: async () => true };
    const options = { max: 2, acquireTimeoutMillis: 50, testOnBorrow: random.chance(0.3) };
    const pool = createPool(factory, options);
    return pool;
  };
  const priority = (random) => awkwardRequest(random, [1])?.[0];
  return [
    {
      name: 'acquire',
      async run(random) {
        const pool = poolOf(random);
        const item = await pool.acquire(priority(random));
        await pool.release(item);
        return [item, pool.size, pool.available, pool.pending];
      },
    },
    { name: 'use', run: (random) => poolOf(random).use(async (item) => item.id, priority(random)) },
    {
      name: 'several at once',
      run(random) {
        const pool = poolOf(random);
        return Promise.allSettled([pool.acquire(), pool.acquire(priority(random)), pool.acquire()]);
      },
    },
  ];
};
