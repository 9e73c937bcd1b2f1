/**
 * What `import 'respan'` costs an app in which nothing is traced: milliseconds, on this machine.
 *
 *   node bench/import.mjs [--runs N] [--node PATH]... [--check]
 *
 * Each run is a process of its own that measures the import and nothing else. `--check` exits 1 over 5 ms.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const BUDGET_MILLIS = 5;
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '21' },
    node: { type: 'string', multiple: true, default: [process.execPath] },
    check: { type: 'boolean', default: false },
  },
});
const entry = (name) => JSON.stringify(new URL(`../dist/${name}`, import.meta.url).href);
const ways = {
  import: ['--input-type=module', `await import(${entry('index.node.mjs')})`],
  require: [
    '--input-type=commonjs',
    `require(${JSON.stringify(fileURLToPath(new URL('../dist/index.js', import.meta.url)))})`,
  ],
};

// Node's own loaders start with the first module of their kind, whatever it is.
const empty = {
  import: `await import(${JSON.stringify(new URL('start-up/empty.mjs', import.meta.url).href)})`,
  require: `require(${JSON.stringify(fileURLToPath(new URL('start-up/empty.cjs', import.meta.url)))})`,
};
const warmUp = {
  import: `const { createRequire } = await import('node:module'); const require = createRequire(process.cwd() + '/');
    ${empty.import}; ${empty.require}`,
  require: empty.require,
};

for (const node of options.node) {
  for (const [way, [type, code]] of Object.entries(ways)) {
    const script = `${warmUp[way]}; const start = performance.now(); ${code}; console.log(performance.now() - start);`;
    const times = Array.from({ length: Number(options.runs) }, () => {
      const { stdout, stderr, status } = spawnSync(node, [type, '--eval', script], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return Number(stdout);
    });
    const median = times.sort((a, b) => a - b)[times.length >> 1];
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
    console.log(`${version}  ${way.padEnd(8)} ${median.toFixed(1)} ms (${times[0].toFixed(1)} at best)`);
    if (options.check && median > BUDGET_MILLIS) process.exitCode = 1;
  }
}
