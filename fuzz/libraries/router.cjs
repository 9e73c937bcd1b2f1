'use strict';
const { answer, appOf } = require('./express.cjs');

exports.answer = answer;
exports.start = async (load) => {
  const Router = await load('router').then((it) => it.default ?? it);
  const made = () => {
    const router = Router();
    const app = (request, response) =>
      router(request, response, (error) => response.end(error ? `last ${error.message}` : 'nobody'));
    return Object.assign(app, {
      router,
      use: (...args) => router.use(...args),
      get: (...args) => router.get(...args),
      all: (...args) => router.all(...args),
      route: (...args) => router.route(...args),
      param: (...args) => router.param(...args),
    });
  };
  return [appOf(made, Router, ({ router }) => router.stack)];
};
