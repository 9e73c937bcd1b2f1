'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer, caseOf, listening } = require('../formats/http-app.cjs');

exports.answer = answer;

const ENDS = [
  (_context, next) => next(),
  (_context, next) => next(),
  async (context, next) => {
    await next();
    context.set('x-after', 'yes');
  },
  async (_context, next) => {
    await next();
    await next();
  },
  (context) => {
    context.body = { a: 1 };
  },
  async (context) => {
    context.status = 202;
    context.body = 'later';
  },
  (context) => context.throw(418, 'of the app'),
  () => {
    throw new TypeError('of the app');
  },
  async () => {
    throw new Error('rejected');
  },
  async (context, next) => {
    try {
      await next();
    } catch (error) {
      context.body = `caught ${error.message}`;
    }
  },
  () => 'nothing',
];

function layerOf(random, see) {
  const end = random.pick(ENDS);
  const name = random.pick(['first', 'second', '']);
  return {
    [name](context, next, ...rest) {
      see(
        name,
        rest.length,
        typeof next,
        next?.name,
        next?.length,
        context.method,
        context.url,
        context.status,
      );
      const result = end(context, next);
      see(result instanceof Promise, result?.constructor?.name);
      return result;
    },
  }[name];
}

exports.start = async (load) => {
  const Koa = await load('koa').then((it) => it.default ?? it);
  return [
    caseOf(
      'an app',
      (random, see) => {
        const app = new Koa();
        app.on('error', (error) => see('error', error.message, error.status));
        for (let left = 1 + random.below(5); left > 0; left--) {
          const layer = layerOf(random, see);
          see(app.use(random.chance(0.9) ? layer : awkwardRequest(random, [layer])[0]) === app);
        }
        see(app.middleware.map(({ name, length }) => [name, length]));
        return app;
      },
      (app) => listening(app.listen(0, '127.0.0.1')),
    ),
  ];
};
