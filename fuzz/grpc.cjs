'use strict';
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { awkwardAnswer } = require('./awkward.cjs');
const { withoutChance } = require('./observe.cjs');
const openDesk = require('./desk.cjs');

/** Of the SDKs' tree, for the server's side. */
exports.requireOfStores = createRequire(join(__dirname, '../fixtures/sdks/vector-stores/package.json'));

const CODES = [3, 5, 7, 8, 13, 14, 16];

/**
 * A desk for servers of gRPC: `answered(path, request, metadata, proper)` notes the request and gives what the seed has
 * for an answer, or throws what `failure(code, message)` makes.
 */
exports.grpcDesk = function grpcDesk(failure) {
  const desk = openDesk();
  return {
    ...desk,
    answered(path, request, metadata, proper) {
      const { random, note, done } = desk.take();
      try {
        note(`request ${path} ${[...metadata].sort().join()} ${shown(request)}`);
        if (random.chance(0.15)) throw failure(random.pick(CODES), 'no');
        return awkwardAnswer(random, proper);
      } finally {
        setImmediate(done);
      }
    },
  };
};

const shown = (request) =>
  withoutChance(
    (JSON.stringify(request, (key, value) => (CHANCE.has(key) ? '' : plain(value))) ?? String(request)).slice(
      0,
      3_000,
    ),
  );

const CHANCE = new Set(['local_time', 'msgID', 'timestamp', 'guarantee_timestamp', 'host', 'reserved']);
const plain = (value) =>
  typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? `${value.length} bytes` : value;
