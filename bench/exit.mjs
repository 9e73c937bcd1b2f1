/**
 * What the end of an app costs, and what it costs to tell `respan run` of spans: on this machine.
 *
 *   node bench/exit.mjs [--runs N] [--events natural,exit,signal] [--node PATH]...
 *
 * An app makes a model call and ends; from there to the end of its process, in milliseconds of the clock and of the CPU
 * (with all processes it starts), over the same without respan. The backend is a local one that answers at once.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    events: { type: 'string', default: 'natural,exit,signal' },
    node: { type: 'string', multiple: true, default: [process.execPath] },
  },
});
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const register = path('../dist/register.js');
const cli = path('../dist/cli.js');

const folder = mkdtempSync(join(tmpdir(), 'respan-bench-exit-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const openai = join(folder, 'node_modules/openai');
mkdirSync(join(openai, 'resources/chat/completions'), { recursive: true });
writeFileSync(join(openai, 'package.json'), '{"name":"openai","version":"6.0.0","main":"index.js"}');
writeFileSync(
  join(openai, 'index.js'),
  "module.exports = require('./resources/chat/completions/completions.js').Completions;",
);
writeFileSync(
  join(openai, 'resources/chat/completions/completions.js'),
  `exports.Completions = class Completions {
    async create(body) {
      const message = { role: 'assistant', content: 'the answer '.repeat(100) };
      return { id: 'c', model: body.model, choices: [{ index: 0, finish_reason: 'stop', message }] };
    }
  };`,
);
writeFileSync(
  join(folder, 'app.cjs'),
  `const Completions = require('openai');
  const [, , event, calls] = process.argv;
  (async () => {
    const client = new Completions();
    const messages = [{ role: 'user', content: 'the question '.repeat(100) }];
    const ask = () => client.create({ model: 'gpt-4o', messages });
    await ask();
    const began = process.cpuUsage();
    for (let i = 1; i < Number(calls); i++) await ask();
    const { user, system } = process.cpuUsage(began);
    if (event === 'calls') console.log((user + system) / calls);
    // The clock of all processes of a machine.
    else console.log(Date.now());
    if (event === 'exit') process.exit(0);
    if (event === 'signal') process.kill(process.pid, 'SIGTERM');
  })();`,
);

const backend = createServer((request, response) => request.resume().on('end', () => response.end('{}')));
await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${backend.address().port}`;

const modes = {
  bare: (node, args) => [node, args],
  preload: (node, args) => [node, ['--require', register, ...args]],
  'respan run': (node, args) => [node, [cli, 'run', '--quiet', '--', node, ...args]],
};

/** Its output, and how long after that it ended. */
function once(mode, node, args) {
  const [command, words] = modes[mode](node, [join(folder, 'app.cjs'), ...args]);
  return new Promise((resolve) => {
    const child = spawn(command, words, {
      env: {
        PATH: process.env.PATH,
        RESPAN_API_KEY: 'k',
        RESPAN_BASE_URL: url,
        OTEL_BSP_MAX_QUEUE_SIZE: '100000',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    child.stdout.on('data', (data) => (told += data));
    child.on('exit', () => resolve({ told: Number(told), millis: Date.now() - Number(told) }));
  });
}

/** Of a machine that has other work the shortest time says most. */
const shortest = (values) => Math.min(...values);

for (const node of options.node) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\nNode ${version}, the shortest of ${options.runs} runs`);
  for (const event of options.events.split(',').filter(Boolean)) {
    const samples = { bare: [], preload: [], 'respan run': [] };
    for (let run = 0; run < Number(options.runs); run++)
      for (const mode of Object.keys(modes))
        samples[mode].push((await once(mode, node, [event, '1'])).millis);
    const [bare, ...rest] = Object.values(samples).map(shortest);
    console.log(
      `${event.padEnd(8)} bare ${bare} ms, preload +${rest[0] - bare} ms, respan run +${rest[1] - bare} ms`,
    );
  }
  const costs = {};
  for (const mode of Object.keys(modes)) {
    const told = [];
    for (let run = 0; run < 5; run++) told.push((await once(mode, node, ['calls', '5000'])).told);
    costs[mode] = shortest(told).toFixed(1);
  }
  console.log(
    `a call, in µs: bare ${costs.bare}, preload ${costs.preload}, respan run ${costs['respan run']}`,
  );
}
backend.close();
