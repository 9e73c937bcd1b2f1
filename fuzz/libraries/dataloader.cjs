'use strict';
const { awkwardRequest } = require('../awkward.cjs');

exports.answer = () => ({ json: {} });

const BATCHES = [
  async (keys) => keys.map((key) => `value of ${typeof key}`),
  async (keys) => keys.map((_, index) => (index === 0 ? new RangeError('none') : index)),
  async () => [],
  async () => 'no list',
  () => [1],
  () => undefined,
  async () => {
    throw new TypeError('of the app');
  },
  () => {
    throw new TypeError('of the app, at once');
  },
];

exports.start = async (load) => {
  const DataLoader = await load('dataloader').then((it) => it.default ?? it);
  const options = (random) =>
    random.chance(0.5) ? undefined : awkwardRequest(random, { cache: false, maxBatchSize: 2, batch: true });
  const loader = (random) => new DataLoader(random.pick(BATCHES), options(random));
  const key = (random) => awkwardRequest(random, ['a'])?.[0];
  return [
    { name: 'load', run: (random) => loader(random).load(key(random)) },
    { name: 'loadMany', run: (random) => loader(random).loadMany(awkwardRequest(random, ['a', 'b'])) },
    {
      name: 'several at once',
      run(random) {
        const one = loader(random);
        // One that nobody looks at while another throws would be left: the one in the cache, or those that follow it.
        const given = key(random);
        const asked = [
          () => one.load('a'),
          () => one.load('a'),
          () => one.load(given),
          () => one.loadMany(['c']),
        ];
        return Promise.allSettled(asked.map(async (ask) => ask()));
      },
    },
    {
      name: 'one promise',
      async run(random) {
        const one = loader(random);
        const [first, second] = [one.load('a'), one.load('a')];
        const results = await Promise.allSettled([first, second]);
        return [first === second, first === one.load('a'), results];
      },
    },
    {
      name: 'prime and clear',
      run(random) {
        const one = loader(random);
        one.prime('a', 1).clear(key(random));
        return one.clearAll().load('a');
      },
    },
    { name: 'made', run: (random) => new DataLoader(awkwardRequest(random, [() => []])) },
  ];
};
