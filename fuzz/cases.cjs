'use strict';
/**
 * Runs cases of one library, one after the other, and writes a line for each: its seed and what the app saw of it, as a
 * digest, or whole where `whole` asks for it. The same with and without respan, or there is a fault.
 *
 *   node fuzz/cases.cjs '{"library":"openai","folder":"<an app with the SDK>","format":"cjs","seeds":[1,2],"whole":true}'
 */
const { createHash } = require('node:crypto');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const consume = require('./consume.cjs');
const hurry = require('./hurry.cjs');
const observe = require('./observe.cjs');
const randomOf = require('./random.cjs');
const startServer = require('./server.cjs');
const watch = require('./watch.cjs');

const { library, folder, format, from, count, seeds, whole } = JSON.parse(process.argv[2]);
let note = () => {};
process.on('unhandledRejection', (error) => note('unhandled rejection', error));
process.on('uncaughtException', (error) => note('uncaught exception', error));
process.on('warning', (warning) => note('warning', warning.message));
/** What is written is what the app's user sees. */
const write = process.stdout.write.bind(process.stdout);
for (const name of ['stdout', 'stderr']) {
  const whole = process[name].write.bind(process[name]);
  process[name].write = (text) => {
    // Told when a span leaves, which may be in any later case.
    if (String(text).startsWith('respan: ')) return whole(text);
    note(
      name,
      String(text)
        .replace(/(\n {4,}at .*)+/g, ' …')
        .replace(/\(node:\d+\)/, '(node)'),
    );
    return true;
  };
}

async function main() {
  // Not every library has a server that keeps the process alive.
  setInterval(() => {}, 2 ** 30);
  const table = require(`./libraries/${library}.cjs`);
  if (!table.keepsTime) hurry();
  const inApp = createRequire(join(folder, 'app.js'));
  const load =
    format === 'esm'
      ? (await import(pathToFileURL(join(folder, 'import.mjs')).href)).default
      : async (name) => inApp(name);
  const server = await (table.startServer ?? startServer)(table, inApp);
  const calls = await table.start(load, server.url);
  const watched = watch(server, table.worksElsewhere);
  const all = seeds ?? Array.from({ length: count }, (_, index) => from + index);
  for (const seed of all) {
    const lines = await runCase(table, calls, server, watched, seed);
    const text = lines.join('\n');
    const digest = createHash('sha1').update(text).digest('base64').slice(0, 12);
    write(`${whole ? `${JSON.stringify({ seed, lines })}` : `${seed} ${digest}`}\n`);
  }
  server.close();
  await table.stop?.();
  // Streams that nobody read keep their sockets.
  process.exit();
}

async function runCase(table, calls, server, watched, seed) {
  const random = randomOf(seed);
  const lines = [];
  const call = random.pick(calls);
  note = (what, ...values) => void lines.push([what, ...values.map(observe)].join(' '));
  const noteOf = note;
  server.serve(seed, (line) => lines.push(line));
  lines.push(call.name);
  try {
    const work = consume(
      random,
      (...entry) => noteOf(...entry),
      (signal) => call.run(random, signal),
    );
    await Promise.race([work, watched.stuck(lines).then(() => noteOf('stuck'))]);
  } catch (error) {
    note('thrown', error);
  }
  // What a client keeps open would look like work.
  table.after?.();
  await watched.quiet(lines);
  return lines;
}

void main();
