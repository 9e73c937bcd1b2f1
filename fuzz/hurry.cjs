'use strict';
const timers = require('node:timers');

/** Pauses before another try grow, mostly by chance, to a minute; a time limit is a round number of many seconds. */
const isPause = (millis) => millis >= 100 && (millis < 9_000 || (millis < 90_000 && millis % 1_000 !== 0));
/** By which undici counts time. */
const TICK_OF_UNDICI = 499;

/** Pauses take a small part of their time, for every library that asks for a timer in the usual way. */
module.exports = function hurry() {
  const { setTimeout } = timers;
  const hurried = (callback, millis, ...args) =>
    setTimeout(callback, isPause(millis) && millis !== TICK_OF_UNDICI ? millis / 200 : millis, ...args);
  // It has a promisified form.
  Object.defineProperties(hurried, Object.getOwnPropertyDescriptors(setTimeout));
  timers.setTimeout = hurried;
  globalThis.setTimeout = hurried;
};
