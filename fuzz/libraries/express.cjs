'use strict';
const { createServer } = require('node:http');
const { awkwardRequest } = require('../awkward.cjs');
const { answer, caseOf, listening, requestOf } = require('../formats/http-app.cjs');

exports.answer = answer;

/** What comes of a layer: the next one, an answer, an error, or several of these. */
const ENDS = [
  (_request, _response, next) => next(),
  (_request, _response, next) => next(),
  (_request, _response, next) => setImmediate(next),
  (_request, _response, next) => next('route'),
  (_request, _response, next) => next('router'),
  (_request, _response, next) => next(new RangeError('of the app')),
  (_request, _response, next) => {
    next();
    next();
  },
  (_request, response) => response.end('ended'),
  (_request, response) => {
    response.statusCode = 201;
    response.end('made');
  },
  () => {
    throw new TypeError('of the app');
  },
  async (_request, response) => response.end('later'),
  async () => {
    throw new Error('rejected');
  },
];

function layerOf(random, see) {
  const end = random.pick(ENDS);
  const name = random.pick(['first', 'second', '']);
  const note = (...args) =>
    see(name, args.length, typeof args.at(-1), args.at(-1)?.name, requestOf(args.at(-3)));
  const layer = {
    [name](request, response, next) {
      note(request, response, next);
      return end(request, response, next);
    },
  }[name];
  if (random.chance(0.8)) return layer;
  return function handled(error, request, response, next) {
    see('error', String(error));
    return random.chance(0.5) ? next(error) : end(request, response, next);
  };
}

const PATHS = ['/', '/a', '/a/:id', '/b', '/b/c', ['/a', '/b'], /^\/a/];

/** Adds to an app or a router, as it comes. */
function add(random, see, target, makeRouter, depth = 0) {
  const layers = () => Array.from({ length: 1 + random.below(2) }, () => layerOf(random, see));
  const path = () => random.pick(PATHS);
  const ways = [
    () => target.use(...layers()),
    () => target.use(path(), ...layers()),
    () => target.get?.(path(), ...layers()),
    () => target.all?.(path(), layers()),
    () =>
      target
        .route?.(path())
        .get(...layers())
        .post(...layers()),
    () => target.param?.('id', (request, _response, next, id) => next(see('param', id, request.url))),
    () => target.use(awkwardRequest(random, [path(), ...layers()])),
    () => {
      if (depth > 1 || !makeRouter) return;
      const inner = makeRouter();
      add(random, see, inner, makeRouter, depth + 1);
      target.use(path(), inner);
    },
  ];
  for (let left = 1 + random.below(5); left > 0; left--) random.pick(ways)();
}

const layersOf = (stack = []) =>
  stack.map(({ name, handle, route }) => [
    name,
    handle?.name,
    handle?.length,
    route?.path,
    layersOf(route?.stack),
  ]);

/** An app of the kind of Express's, and what its router keeps. */
exports.appOf = (make, makeRouter, stackOf) =>
  caseOf(
    'an app',
    (random, see) => {
      const app = make();
      add(random, see, app, makeRouter);
      see('stack', layersOf(stackOf(app)));
      return app;
    },
    async (app) => {
      const served = await listening(createServer((...args) => app(...args)).listen(0, '127.0.0.1'));
      return served;
    },
  );

exports.start = async (load) => {
  const express = await load('express').then((it) => it.default ?? it);
  const made = () => {
    const app = express();
    app.set('env', 'test');
    app.use(express.json());
    return app;
  };
  return [
    exports.appOf(
      made,
      () => express.Router(),
      (app) => (app._router ?? app.router).stack,
    ),
  ];
};
