'use strict';
/** Values that nobody expects where they are put, and ways to put them there. */

class Instance {
  constructor() {
    this.role = 'user';
    this.content = 'of a class';
  }
}

/** What comes back from a server: JSON has no more than this. */
const JSON_VALUES = [
  ...[null, true, false, 0, -1, 1.5, 1e21, 2 ** 53, '', 'text', '\ud800', '\u0000', 'é😀'],
  ...['{"a":', '[1,2', [], [[]], [null], {}, { a: { b: { c: [1] } } }, { type: 'unheard_of' }, { length: 3 }],
  ...[
    { __proto__: null, toString: 'x' },
    { constructor: 1 },
    JSON.parse('{"then":1}'),
    'x'.repeat(20_000),
    [1, 'a', {}, null],
  ],
];

/** What an app may hand over. */
const makers = [
  () => undefined,
  () => Number.NaN,
  () => -0,
  () => 10n,
  () => Symbol('odd'),
  () => () => 'called',
  () => new Date(0),
  () => /x/g,
  () => new Map([['a', 1]]),
  () => new Set([1]),
  () => new Uint8Array(8),
  () => Buffer.from('bytes'),
  () => new Instance(),
  () => Object.create(null),
  () => Object.freeze([Object.freeze({ role: 'user', content: 'frozen' })]),
  () => new Proxy({ role: 'user', content: 'of a proxy' }, {}),
  () => Proxy.revocable({}, {}).proxy,
  () => new Array(3),
  () => Array.from({ length: 2_000 }, (_, index) => index),
  () => ({ toJSON: () => 'of toJSON' }),
  () => new Error('as a value'),
  () => new String('boxed'),
  () => 'data:image/png;base64,'.concat('A'.repeat(4_000)),
  () => {
    const cycle = { role: 'user' };
    cycle.itself = cycle;
    return cycle;
  },
  () => Object.defineProperty({}, 'content', { enumerable: true, get: () => 'of a getter' }),
  () =>
    Object.defineProperty({}, 'content', {
      enumerable: true,
      get() {
        throw new RangeError('of a getter');
      },
    }),
  () => ({
    *[Symbol.iterator]() {
      yield { role: 'user', content: 'of an iterator' };
    },
  }),
  () => Promise.resolve('of a promise'),
  () => new ReadableStream(),
];

const awkwardValue = (random) =>
  random.chance(0.5) ? structuredCopy(random.pick(JSON_VALUES)) : random.pick(makers)();

const structuredCopy = (value) =>
  value === null || typeof value !== 'object' ? value : structuredClone(value);

/** `value`, with up to three of the places in it changed: another value, nothing at all, one more, twice the same. */
function mutated(random, value, replacement) {
  let whole = value;
  for (let round = random.below(4); round > 0; round--) {
    const places = placesIn(whole);
    if (places.length === 0 || random.chance(0.03)) {
      whole = replacement(random);
      continue;
    }
    const { holder, key } = random.pick(places);
    const change = random.below(4);
    if (change === 0) delete holder[key];
    else if (change === 1 && Array.isArray(holder)) holder.push(holder[key]);
    else if (change === 2)
      holder[random.pick(['type', 'usage', 'content', 'id', 'extra'])] = replacement(random);
    else holder[key] = replacement(random);
  }
  return whole;
}

function placesIn(value, places = [], depth = 0) {
  if (!isContainer(value) || depth > 6 || places.length > 200) return places;
  for (const key of Object.keys(value)) {
    if (!Object.getOwnPropertyDescriptor(value, key).writable) continue;
    places.push({ holder: value, key });
    placesIn(value[key], places, depth + 1);
  }
  return places;
}

function isContainer(value) {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const prototype = Object.getPrototypeOf(value);
    return Array.isArray(value) ? value.length < 100 : prototype === Object.prototype;
  } catch {
    return false;
  }
}

/** A request as an app may write it by mistake, or on purpose. */
exports.awkwardRequest = (random, value) =>
  random.chance(0.5) ? value : mutated(random, structuredClone(value), awkwardValue);

/** An answer as no reference describes it. */
exports.awkwardAnswer = (random, value) =>
  random.chance(0.6)
    ? value
    : mutated(random, structuredClone(value), (from) => structuredCopy(from.pick(JSON_VALUES)));
