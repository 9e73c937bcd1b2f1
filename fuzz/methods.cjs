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
        const own = args.map((arg) => withFiles(arg, awkwardRequest(random, arg)));
        if (random.chance(0.03)) own.length = 0;
        const options = signal || random.chance(0.2) ? signalOf(signal) : undefined;
        const names = path.split('.');
        const receiver = at(client, names.slice(0, -1).join('.'));
        return receiver[names.at(-1)](...own, ...(options ? [options] : []));
      },
    }));
};

/** What stands for a file in a table, which can be copied. */
exports.FILE = '@file';

/** What is sent with a file is a form, which SDKs make of a cycle until the memory is full. */
function withFiles(arg, request) {
  if (request === exports.FILE) return new File(['bytes'], 'a.wav');
  const name = ['file', 'image'].find((one) => arg?.[one] === exports.FILE);
  if (!name) return request;
  const whole = isEndless(request) ? arg : request;
  return whole?.[name] === exports.FILE ? { ...whole, [name]: new File(['bytes'], 'a.wav') } : whole;
}

function isEndless(value) {
  try {
    JSON.stringify(value);
    return false;
  } catch {
    return true;
  }
}

const at = (client, path) =>
  path.split('.').reduce((value, name) => (name === '' ? value : value?.[name]), client);
exports.at = at;
