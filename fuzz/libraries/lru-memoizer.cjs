'use strict';
const { awkwardRequest } = require('../awkward.cjs');

exports.answer = () => ({ json: {} });
exports.start = async (load) => {
  const memoizer = await load('lru-memoizer').then((it) => it.default ?? it);
  const LOADS = [
    (key, done) => setImmediate(done, null, key),
    (_key, done) => done(new RangeError('of the app')),
    (_key, done) => done(null, 1, 2),
    () => {
      throw new TypeError('of the app');
    },
  ];
  const options = (random) => ({
    hash: (key) => key,
    max: 10,
    load: random.pick(LOADS),
    freeze: random.chance(0.2),
  });
  const called = (memoized, args) =>
    new Promise((resolve) => {
      memoized(...args, (...results) => resolve(results));
    });
  return [
    {
      name: 'a call',
      run: (random) => called(memoizer(options(random)), [awkwardRequest(random, ['a'])?.[0]]),
    },
    {
      name: 'several at once',
      run(random) {
        const memoized = memoizer(options(random));
        return Promise.all([called(memoized, ['a']), called(memoized, ['a']), called(memoized, ['b'])]);
      },
    },
    {
      name: 'sync',
      run: (random) =>
        memoizer.sync({ ...options(random), load: (key) => [key] })(awkwardRequest(random, ['a'])?.[0]),
    },
    {
      name: 'made',
      run(random) {
        const memoized = memoizer(
          awkwardRequest(random, { ...options(random), disable: random.chance(0.2) }),
        );
        return [memoized, { ...memoized }, Object.keys(memoized)];
      },
    },
    {
      name: 'events and keys',
      async run(random) {
        const memoized = memoizer(options(random));
        const seen = [];
        for (const name of ['hit', 'miss', 'queue']) memoized.on(name, (...of) => seen.push(name, ...of));
        await Promise.race([called(memoized, ['a']), new Promise(setImmediate)]);
        await Promise.race([called(memoized, ['a']), new Promise(setImmediate)]);
        memoized.del('b');
        return [seen, memoized.keys()];
      },
    },
  ];
};
