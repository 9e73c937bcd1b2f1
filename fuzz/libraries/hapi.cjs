'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer, caseOf } = require('../formats/http-app.cjs');

exports.answer = answer;

const PATHS = ['/', '/a', '/a/{id}', '/b', '/b/{rest*}'];
const POINTS = ['onRequest', 'onPreAuth', 'onPreHandler', 'onPostHandler', 'onPreResponse'];
const HANDLERS = [
  () => ({ a: 1 }),
  (_request, h) => h.response('made').code(201),
  async () => 'later',
  () => {
    throw new TypeError('of the app');
  },
  async () => {
    throw new Error('rejected');
  },
  () => undefined,
  () => null,
  (_request, h) => h.redirect('/a'),
];

const note = (see, what, { method, path, params }, rest) =>
  see(what, method, path, { ...params }, rest.length);

function handlerOf(random, see) {
  const handle = random.pick(HANDLERS);
  return function handler(request, h, ...rest) {
    note(see, 'handler', request, rest);
    return handle(request, h);
  };
}

function extensionOf(random, see, point) {
  const fails = random.chance(0.15);
  return function extended(request, h, ...rest) {
    note(see, point, request, rest);
    if (fails) throw new Error(`in ${point}`);
    return h.continue;
  };
}

function add(random, see, server, depth = 0) {
  const route = () => ({
    method: random.pick(['GET', 'POST', '*']),
    path: random.pick(PATHS),
    handler: handlerOf(random, see),
  });
  const ways = [
    () => server.route(route()),
    () =>
      server.route([
        route(),
        { ...route(), handler: undefined, options: { handler: handlerOf(random, see) } },
      ]),
    () => server.route(awkwardRequest(random, route())),
    () => {
      const point = random.pick(POINTS);
      server.ext(point, extensionOf(random, see, point));
    },
    () => {
      const point = random.pick(POINTS);
      server.ext([{ type: point, method: [extensionOf(random, see, point)] }]);
    },
    () =>
      server.ext(
        awkwardRequest(random, { type: 'onRequest', method: extensionOf(random, see, 'onRequest') }),
      ),
    () =>
      depth < 1 &&
      server.register(
        { name: 'part', register: (inner) => add(random, see, inner, depth + 1) },
        { once: true },
      ),
  ];
  const done = [];
  for (let left = 1 + random.below(5); left > 0; left--) done.push(random.pick(ways)());
  return Promise.all(done);
}

exports.start = async (load) => {
  const hapi = await load('@hapi/hapi').then((it) => it.default ?? it);
  return [
    caseOf(
      'an app',
      async (random, see) => {
        const server = hapi.server({ port: 0, host: '127.0.0.1', debug: false });
        await add(random, see, server);
        see(
          server
            .table()
            .map(({ method, path, settings }) => [
              method,
              path,
              settings.handler?.name,
              settings.handler?.length,
            ]),
        );
        return server;
      },
      async (server) => {
        await server.start();
        return { port: server.info.port, close: () => server.stop({ timeout: 10 }) };
      },
    ),
  ];
};
