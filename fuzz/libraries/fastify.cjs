'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer, caseOf, requestOf } = require('../formats/http-app.cjs');

exports.answer = answer;

const HOOKS = [
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'onResponse',
  'onError',
];
const PATHS = ['/', '/a', '/a/:id', '/b', '/b/*'];

const HANDLERS = [
  async () => ({ a: 1 }),
  async (_request, reply) => reply.code(201).send('made'),
  (_request, reply) => reply.send({ b: [1] }),
  (_request, reply) => void setImmediate(() => reply.send('later')),
  () => {
    throw new TypeError('of the app');
  },
  async () => {
    throw Object.assign(new Error('rejected'), { statusCode: 409 });
  },
  async () => undefined,
  async (_request, reply) => {
    reply.send('first');
    return reply.send('second');
  },
];

function handlerOf(random, see) {
  const handle = random.pick(HANDLERS);
  return function handler(request, reply, ...rest) {
    see('handler', rest.length, this?.constructor?.name, requestOf(request));
    return handle(request, reply);
  };
}

function hookOf(random, see, name) {
  const fails = random.chance(0.15);
  if (random.chance(0.5)) {
    return async function hooked(request, ...rest) {
      see(name, rest.length, request.url);
      if (fails) throw new Error(`in ${name}`);
    };
  }
  return function hooked(request, ...rest) {
    see(name, rest.length, request.url);
    const done = rest.at(-1);
    return fails ? done(new Error(`in ${name}`)) : done();
  };
}

function add(random, see, app, depth = 0) {
  const ways = [
    () => app.get(random.pick(PATHS), handlerOf(random, see)),
    () => app.post(random.pick(PATHS), handlerOf(random, see)),
    () => {
      const name = random.pick(HOOKS);
      app.addHook(name, hookOf(random, see, name));
    },
    () => app.setErrorHandler((error, _request, reply) => reply.code(503).send(error.message)),
    () => app.setNotFoundHandler(handlerOf(random, see)),
    () =>
      app.route(
        awkwardRequest(random, { method: 'GET', url: random.pick(PATHS), handler: handlerOf(random, see) }),
      ),
    () => depth < 2 && app.register(async (inner) => add(random, see, inner, depth + 1), { prefix: '/b' }),
    () =>
      depth < 2 &&
      app.register((inner, _options, done) => {
        add(random, see, inner, depth + 1);
        done();
      }),
  ];
  for (let left = 1 + random.below(6); left > 0; left--) random.pick(ways)();
}

exports.start = async (load) => {
  const fastify = await load('fastify').then((it) => it.default ?? it);
  return [
    caseOf(
      'an app',
      async (random, see) => {
        const app = fastify();
        add(random, see, app);
        await app.ready();
        see(app.printRoutes());
        return app;
      },
      async (app) => {
        await new Promise((resolve, reject) =>
          app.listen({ port: 0, host: '127.0.0.1' }, (error) => (error ? reject(error) : resolve())),
        );
        return { port: app.server.address().port, close: () => app.close() };
      },
    ),
  ];
};
