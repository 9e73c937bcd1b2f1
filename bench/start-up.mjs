/**
 * What respan adds to the start of an app: CPU time and peak memory over bare node, on this machine.
 *
 *   node bench/start-up.mjs [--runs N] [--node PATH]... [--app NAME]... [--check] [--instructions]
 *
 * Runs alternate between bare and traced, each in a process of its own that reports its figures itself at exit,
 * in the same way with and without respan. Spans go to files. `--check` exits 1 over budget. `--instructions` counts
 * the processor's instructions instead, with valgrind: one run each, and the same figure however busy the machine is.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const register = path('../dist/register.js');
const preloads = { '--require': ['--require', register], '--import': ['--import', register] };
const apps = {
  empty: path('start-up/empty.mjs'),
  openai: path('start-up/openai.mjs'),
  'ten SDKs': path('ten-sdks/app.mjs'),
  'ten SDKs, require': path('ten-sdks/app.cjs'),
};

/** Milliseconds of CPU and megabytes of peak memory over bare node. */
function budget(app, major) {
  if (app === 'openai') return { cpu: 70, memory: 16 };
  if (app.startsWith('ten SDKs')) return { cpu: 120, memory: 30 };
  return { cpu: major >= 24 ? 8 : 45, memory: 6 };
}

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '21' },
    node: { type: 'string', multiple: true, default: [process.execPath] },
    app: { type: 'string', multiple: true, default: Object.keys(apps) },
    check: { type: 'boolean', default: false },
    instructions: { type: 'boolean', default: false },
  },
});
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) fail(`--runs ${options.runs}: expected a whole number above 0`);
if (!existsSync(register)) fail('dist/ is missing: npm run build');
for (const folder of ['fixtures/quickstart', 'bench/ten-sdks']) {
  if (!existsSync(path(`../${folder}/node_modules`))) fail(`SDKs are missing: npm ci --prefix ${folder}`);
}
for (const app of options.app)
  if (!apps[app]) fail(`--app ${app}: expected ${Object.keys(apps).join(' or ')}`);

const traces = mkdtempSync(join(tmpdir(), 'respan-bench-'));
process.on('exit', () => rmSync(traces, { recursive: true, force: true }));

let isOverBudget = false;
for (const node of options.node) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim().slice(1);
  if (!version) fail(`${node} is not a node binary`);
  if (options.instructions) {
    console.log(`\nNode ${version}, millions of instructions`);
    printTable([['app', 'preload', 'bare', 'added'], ...options.app.flatMap((app) => counts(node, app))]);
    continue;
  }
  console.log(`\nNode ${version}, medians of ${runs} runs`);
  const head = ['app', 'preload', 'CPU ms', 'ratio', 'added', 'budget', 'peak MB', 'added', 'budget', ''];
  printTable([head, ...options.app.flatMap((app) => compare(node, Number.parseInt(version, 10), app))]);
}
if (isOverBudget && options.check) process.exitCode = 1;

function counts(node, app) {
  const bare = instructions(node, [], app);
  return Object.entries(preloads).map(([preload, flags]) => [
    ...[app, preload, bare.toFixed(1)],
    signed(instructions(node, flags, app) - bare),
  ]);
}

/** What could differ from run to run is fixed: addresses, hashes, random numbers and V8's own threads. */
function instructions(node, flags, app) {
  const valgrind = [
    'valgrind',
    '--tool=callgrind',
    '--smc-check=all-non-file',
    '--callgrind-out-file=/dev/null',
  ];
  const fixed = ['--single-threaded', '--predictable', '--random-seed=1', '--hash-seed=1'];
  const [command, ...before] = ['setarch', '--addr-no-randomize', ...valgrind];
  const { status, error, stderr } = spawnSync(command, [...before, node, ...fixed, ...flags, apps[app]], {
    env: { ...environment(), RESPAN_EXPORTER: 'file', RESPAN_TRACES_DIR: traces },
    encoding: 'utf8',
  });
  const collected = /Collected : (\d+)/.exec(stderr ?? '')?.[1];
  if (status !== 0 || !collected) fail(`valgrind failed (${status}): ${error ?? stderr}`);
  return Number(collected) / 1e6;
}

function compare(node, major, app) {
  const variants = { bare: [], ...preloads };
  const samples = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (const flags of Object.values(variants)) measure(node, flags, app); // fills the disk cache
  for (let run = 0; run < runs; run++) {
    for (const [name, flags] of Object.entries(variants)) samples[name].push(measure(node, flags, app));
  }
  const of = (name, figure) => samples[name].map((sample) => sample[figure]);
  const limit = budget(app, major);
  return Object.keys(preloads).map((preload) => {
    // Neighbours in time are compared, so that a busy machine is busy for both.
    const added = (figure) =>
      median(of(preload, figure).map((value, run) => value - of('bare', figure)[run]));
    const columns = ['cpu', 'memory'].map((figure) => {
      const [bare, traced] = [median(of('bare', figure)), median(of(preload, figure))];
      return { bare, traced, added: added(figure), limit: limit[figure] };
    });
    const [cpu, memory] = columns;
    const isOver = columns.some((column) => column.added > column.limit);
    isOverBudget ||= isOver;
    const shown = ({ bare, traced }) => `${bare.toFixed(1)} → ${traced.toFixed(1)}`;
    return [
      ...[app, preload],
      ...[shown(cpu), `×${(cpu.traced / cpu.bare).toFixed(2)}`, signed(cpu.added), `+${cpu.limit}`],
      ...[shown(memory), signed(memory.added), `+${memory.limit}`],
      isOver ? 'over budget' : '',
    ];
  });
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  for (const cells of rows) {
    const line = cells.map((text, column) => text[column < 2 ? 'padEnd' : 'padStart'](widths[column]));
    console.log(`  ${line.join('   ').trimEnd()}`);
  }
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

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
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
