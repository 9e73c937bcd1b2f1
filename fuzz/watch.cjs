'use strict';
const { setImmediate: turn, setTimeout: pause } = require('node:timers/promises');

/** Turns of the event loop in which nothing happens, after which nothing will: both sides are in this process. */
const TURNS = 10;
/** What is waited for at most, where something does go on. */
const STUCK_MILLIS = 4_000;
const QUIET_MILLIS = 1_000;
const QUIET_PAUSES = 40;
/** Held by the server and by connections that are kept. */
const IDLE = new Set(['TCPServerWrap', 'TCPSocketWrap', 'PipeWrap', 'TTYWrap', 'Immediate']);

/** When a case is over: by what goes on in the process, not by the time that has passed. */
module.exports = function watch(server, worksElsewhere = false) {
  const busy = () => process.getActiveResourcesInfo().filter((name) => !IDLE.has(name)).length;
  let kept = busy();
  /** Beyond what there is anyway; what was left from loading the library goes some time. */
  function isBusy() {
    const now = busy();
    kept = Math.min(kept, now);
    return now > kept;
  }
  const isAtWork = () => server.isAnswering() || isBusy();

  /** Whether nothing has happened to `lines` or at the server since `wait` was called, `count` times. */
  async function still(count, wait, lines, until, isActive) {
    for (let calm = 0, before = -1; calm < count && Date.now() < until; calm++) {
      await wait();
      const now = lines.length + server.activity();
      if (isActive() || now !== before) calm = -1;
      before = now;
    }
  }

  return {
    /** Settles when the case will not go on by itself. */
    async stuck(lines) {
      const until = Date.now() + STUCK_MILLIS;
      const step = () => pause(15, undefined, { ref: false });
      await still(6, step, lines, until, () => worksElsewhere || isAtWork());
    },
    /** What the case has left behind is over as well: it is told of this case, not of the next. */
    async quiet(lines) {
      const until = Date.now() + QUIET_MILLIS;
      for (let pauses = 0; pauses < QUIET_PAUSES && Date.now() < until; pauses++) {
        await still(TURNS, turn, lines, until, () => server.isAnswering());
        if (!isBusy()) return;
        // Another try, say.
        await pause(2, undefined, { ref: false });
      }
      // A time limit that was forgotten stays for long.
      kept = busy();
    },
  };
};
