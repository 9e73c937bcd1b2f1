/**
 * What respan adds to the start of an app: CPU time and peak memory over bare node, on this machine.
 *
 *   node bench/start-up.mjs [--runs N] [--node PATH]... [--check]
 *
 * Runs alternate between bare and traced, each in a process of its own that reports its figures itself at exit,
 * in the same way with and without respan; what is compared are medians. `--check` exits 1 over budget.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const register = path('../dist/register.js');
const apps = {
  empty: path('start-up/empty.mjs'),
  openai: path('start-up/openai.mjs'),
};

/** Milliseconds of CPU and megabytes of peak memory over bare node. */
function budget(app, major) {
  if (app === 'openai') return { cpu: 70, memory: 16 };
  return { cpu: major >= 24 ? 8 : 45, memory: 6 };
}

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '21' },
    node: { type: 'string', multiple: true, default: [process.execPath] },
    check: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) fail(`--runs ${options.runs}: expected a whole number above 0`);
if (!existsSync(register)) fail('dist/ is missing: npm run build');
if (!existsSync(path('../fixtures/quickstart/node_modules')))
  fail('the app’s SDK is missing: npm ci --prefix fixtures/quickstart');

const traces = mkdtempSync(join(tmpdir(), 'respan-bench-'));
process.on('exit', () => rmSync(traces, { recursive: true, force: true }));

let isOverBudget = false;
for (const node of options.node) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (!version) fail(`${node} is not a node binary`);
  console.log(`\nNode ${version.slice(1)}, medians of ${runs} runs`);
  console.table(
    Object.keys(apps).flatMap((app) => compare(node, Number(version.slice(1).split('.')[0]), app)),
  );
}
if (isOverBudget && options.check) process.exitCode = 1;

function compare(node, major, app) {
  const variants = { bare: [], '--require': ['--require', register], '--import': ['--import', register] };
  const samples = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (const flags of Object.values(variants)) measure(node, flags, app); // fills the disk cache
  for (let run = 0; run < runs; run++) {
    for (const [name, flags] of Object.entries(variants)) samples[name].push(measure(node, flags, app));
  }
  const bare = { cpu: median(samples.bare, 'cpu'), memory: median(samples.bare, 'memory') };
  return ['--require', '--import'].map((preload) => {
    const cpu = median(samples[preload], 'cpu');
    const memory = median(samples[preload], 'memory');
    const limit = budget(app, major);
    const isOver = cpu - bare.cpu > limit.cpu || memory - bare.memory > limit.memory;
    isOverBudget ||= isOver;
    return {
      app,
      preload,
      'CPU ms': `${bare.cpu.toFixed(1)} → ${cpu.toFixed(1)}`,
      ratio: `× ${(cpu / bare.cpu).toFixed(2)}`,
      'CPU added': `${signed(cpu - bare.cpu)} of ${limit.cpu}`,
      'peak MB': `${bare.memory.toFixed(1)} → ${memory.toFixed(1)}`,
      'MB added': `${signed(memory - bare.memory)} of ${limit.memory}`,
      verdict: isOver ? 'OVER' : 'ok',
    };
  });
}

/** One process; its own account of CPU time (all threads) and peak memory, written to descriptor 3 at exit. */
function measure(node, flags, app) {
  const account = ['--require', path('start-up/account.cjs')];
  const result = spawnSync(node, [...account, ...flags, apps[app]], {
    env: { ...environment(), RESPAN_EXPORTER: 'file', RESPAN_TRACES_DIR: traces },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (result.status !== 0 || result.stderr !== '') fail(`${app} failed (${result.status}): ${result.stderr}`);
  return JSON.parse(result.output[3]);
}

/** Nothing that steers node, tracing or an SDK. */
function environment() {
  const steering = /^(RESPAN|OTEL|TRACELOOP|OPENAI|NODE|npm)_/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}

function median(samples, figure) {
  const sorted = samples.map((sample) => sample[figure]).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

function signed(value) {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
