'use strict';
const randomOf = require('./random.cjs');

/** Where the requests of a case come in: whose they are, and whether any is still being answered. */
module.exports = function openDesk() {
  // Clients may ask before the first case.
  let current = { seed: 0, note() {}, requests: 0, open: 0 };
  let activity = 0;
  return {
    /** What is random in the next answer, where to say what was asked, and that it has been answered. */
    take() {
      const asking = current;
      asking.open++;
      activity++;
      const done = () => {
        asking.open--;
        activity++;
      };
      return { random: randomOf(asking.seed + 7919 * asking.requests++), note: asking.note, done };
    },
    touched: () => void activity++,
    asServer: {
      /** From now on it is this case that asks. */
      serve(seed, note) {
        current = { seed, note, requests: 0, open: 0 };
      },
      isAnswering: () => current.open > 0,
      /** A number that changes whenever something happens. */
      activity: () => activity,
    },
  };
};
