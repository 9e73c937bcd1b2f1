'use strict';

/** Clients of one case each, which are over with it, whatever has become of them. */
module.exports = function clientsOf(close) {
  let open = [];
  return {
    keep(client) {
      open.push(client);
      return client;
    },
    /** Not waited for: some closes wait for ever. */
    after() {
      const closing = open;
      open = [];
      for (const client of closing)
        Promise.resolve()
          .then(() => close(client))
          .catch(() => {});
    },
  };
};
