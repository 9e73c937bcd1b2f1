'use strict';
const { awkwardRequest } = require('./awkward.cjs');

/** Calls by the path of their method, of one client among `clients`, with a request like the one given. */
exports.methods = function methods(clients, table, signalOf = (signal) => ({ signal })) {
  return table
    .filter(([path]) => clients.every((client) => typeof at(client, path) === 'function'))
    .map(([path, ...args]) => ({
      name: path,
      run(random, signal) {
        const client = random.pick(clients);
        const own = args.map((arg) => awkwardRequest(random, arg));
        if (random.chance(0.03)) own.length = 0;
        const options = signal || random.chance(0.2) ? signalOf(signal) : undefined;
        const names = path.split('.');
        const receiver = at(client, names.slice(0, -1).join('.'));
        return receiver[names.at(-1)](...own, ...(options ? [options] : []));
      },
    }));
};

const at = (client, path) =>
  path.split('.').reduce((value, name) => (name === '' ? value : value?.[name]), client);
exports.at = at;
