'use strict';
const { answer, appOf } = require('./express.cjs');

exports.answer = answer;
exports.start = async (load) => {
  const connect = await load('connect').then((it) => it.default ?? it);
  return [appOf(connect, undefined, ({ stack }) => stack)];
};
