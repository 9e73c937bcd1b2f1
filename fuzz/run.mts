/**
 * Differential fuzzing: the same random calls with the same random answers, with and without respan, must look the same
 * to the app.
 *
 *   npm run build && node --import tsx fuzz/run.mts [--cases N] [--seed N] [--library ID]... [--sdk ALIAS]
 *     [--format cjs|esm]... [--node 20|22|24|26]... [--show SEED]
 *
 * N cases of each combination, from a seed on: a line for each. Cases that differ are run more often: what differs
 * without respan as well, or differed once, is told apart. Exits 1 if anything differs; `--show` prints both sides of one
 * case. README.md here says what is compared.
 */
import { parseArgs } from 'node:util';
import { type NodeName, nodeBinary } from '../test/harness/nodes.ts';
import { LIBRARIES, nodeFor } from './libraries.ts';
import { differences, type Found, show } from './pairs.ts';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    library: { type: 'string', multiple: true },
    sdk: { type: 'string' },
    format: { type: 'string', multiple: true, default: ['cjs', 'esm'] },
    node: { type: 'string', multiple: true, default: [process.versions.node.split('.', 1)[0]!] },
    show: { type: 'string' },
  },
});

const chosen = LIBRARIES.filter(({ id }) => options.library?.includes(id) ?? true);
if (chosen.length === 0)
  throw new Error(`--library: expected some of ${LIBRARIES.map(({ id }) => id).join(', ')}`);

const combinations = chosen.flatMap(({ id, versions }) =>
  versions
    .filter((sdks) => !options.sdk || sdks.includes(options.sdk))
    .flatMap((sdks) =>
      options.format.flatMap((format) =>
        [...new Set(options.node.map((node) => nodeFor(sdks, node)))].map((node) => ({
          ...{ library: id, sdks, format, node },
        })),
      ),
    ),
);

let total = 0;
let isDifferent = false;
for (const { node, ...combination } of combinations) {
  const subject = { ...combination, node: nodeBinary(node as NodeName) };
  if (options.show) {
    console.log(await show(subject, Number(options.show)));
    continue;
  }
  const begun = performance.now();
  const found = await differences(subject, Number(options.seed), Number(options.cases));
  total += found.cases;
  isDifferent ||= found.different.length + found.said.length > 0;
  const name = `${subject.sdks.join('+')} ${subject.format} node ${node}`;
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${name}: ${summary(found)}, ${seconds} s`);
  for (const { without, having } of found.said) console.log(`- ${without}\n+ ${having}`);
}
if (!options.show) console.log(`${total} cases`);
if (isDifferent) process.exitCode = 1;

function summary({ cases, spans, different, unstable, once, deadly, said }: Found): string {
  const parts = [`${cases} cases from ${options.seed}`, `${spans} spans`];
  parts.push(different.length > 0 ? `DIFFERENT: ${different.join(' ')}` : 'no difference');
  if (said.length > 0) parts.push('DIFFERENT OUTPUT');
  if (unstable.length > 0) parts.push(`unstable without respan too: ${unstable.join(' ')}`);
  if (once.length > 0) parts.push(`differed once and never again: ${once.join(' ')}`);
  if (deadly.length > 0) parts.push(`end the process without respan too: ${deadly.join(' ')}`);
  return parts.join(', ');
}
