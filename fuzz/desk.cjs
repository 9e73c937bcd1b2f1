'use strict';
const randomOf = require('./random.cjs');

/** Where the requests of a case come in: whose they are, and whether any is still being answered. */
module.exports = function openDesk() {
  // Clients may ask before the first case.
  let current = { seed: 0, note() {}, requests: 0 };
  let [activity, open] = [0, 0];
  return {
    /** What is random in the next answer, and where to say what was asked. */
    take() {
      open++;
      activity++;
      const { seed, note } = current;
      return { random: randomOf(seed + 7919 * current.requests++), note };
    },
    touched: () => void activity++,
    done() {
      open--;
      activity++;
    },
    asServer: {
      /** From now on it is this case that asks. */
      serve(seed, note) {
        current = { seed, note, requests: 0 };
      },
      isAnswering: () => open > 0,
      /** A number that changes whenever something happens. */
      activity: () => activity,
    },
  };
};
