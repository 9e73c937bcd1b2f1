/**
 * Differential fuzzing: the same random calls with the same random answers, with and without respan, must look the same
 * to the app.
 *
 *   npm run build && node --import tsx fuzz/run.mts [--cases N] [--seed N] [--library ID]... [--sdk ALIAS]
 *     [--format cjs|esm]... [--node PATH] [--show SEED]
 *
 * N cases of each library and module system. Cases that differ are run twice more each way: what differs without
 * respan as well is told apart. Exits 1 if anything differs; `--show` prints both sides of one case.
 */
import { parseArgs } from 'node:util';
import { LIBRARIES } from './libraries.ts';
import { differences, show } from './pairs.ts';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    library: { type: 'string', multiple: true },
    sdk: { type: 'string' },
    format: { type: 'string', multiple: true, default: ['cjs', 'esm'] },
    node: { type: 'string', default: process.execPath },
    show: { type: 'string' },
  },
});

const chosen = LIBRARIES.filter(({ id }) => options.library?.includes(id) ?? true);
if (chosen.length === 0)
  throw new Error(`--library: expected some of ${LIBRARIES.map(({ id }) => id).join(', ')}`);

let total = 0;
let isDifferent = false;
for (const library of chosen) {
  for (const sdks of library.versions.filter((version) => !options.sdk || version.includes(options.sdk))) {
    for (const format of options.format) {
      const run = { library: library.id, sdks, format, node: options.node };
      if (options.show) {
        console.log(await show(run, Number(options.show)));
        continue;
      }
      const found = await differences(run, Number(options.seed), Number(options.cases));
      total += found.cases;
      isDifferent ||= found.different.length > 0;
      const unstable =
        found.unstable.length > 0 ? `, unstable without respan too: ${found.unstable.join(' ')}` : '';
      const different =
        found.different.length > 0 ? `DIFFERENT: ${found.different.join(' ')}` : 'no difference';
      console.log(
        `${sdks.join('+')} ${format}: ${found.cases} cases, ${found.spans} spans, ${different}${unstable}`,
      );
    }
  }
}
if (!options.show) console.log(`${total} cases`);
if (isDifferent) process.exitCode = 1;
