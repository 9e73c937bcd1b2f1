/**
 * Fills the README's tables: settings from src/config/settings.ts, and what is traced from the catalog and from what
 * the tests have seen (test/e2e/support, see test/harness/support-record.ts); and those of docs/ways-to-start.md from
 * test/e2e/ways (test/harness/ways.ts).
 * `--check` writes nothing and exits 1 where one of them is behind. Reads dist/: build first.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const built = createRequire(import.meta.url);
const { settings } = built('../dist/settings.js');
const { catalog } = built('../dist/core.js');
const records = readRecords(new URL('../test/e2e/support/', import.meta.url));

/** By category of the catalog: the heading of its table, and the facts of a record that are its columns. */
const TABLES = {
  model: ['Models', { Streaming: 'streaming', Content: 'content', Tokens: 'tokens', Cost: 'cost' }],
  'vector store': ['Vector stores', { Queries: 'queries', Results: 'results', Content: 'content' }],
  framework: [
    'Frameworks',
    {
      Workflows: 'workflows',
      Agents: 'agents',
      Tools: 'tools',
      Content: 'content',
      Tokens: 'tokens',
    },
  ],
};

/** Groups of ways to start, in the order of the document. */
const WAYS = ['node', 'package-managers', 'runners', 'watchers', 'next', 'places', 'lambda'];

const settingsTable = table(
  ['Variable', 'Option in code', 'Default', 'Meaning'],
  Object.entries(settings).map(([option, { variable, defaultText, description }]) => [
    code(variable),
    code(option),
    /^[\w:/.]+$/.test(defaultText) ? code(defaultText) : cell(defaultText),
    cell(description),
  ]),
);

update('README.md', { settings: settingsTable, support: supportTables() });
update('docs/ways-to-start.md', { ways: wayTables() });

/** Fills the parts of a document that are marked by their names. */
function update(document, parts) {
  const path = fileURLToPath(new URL(`../${document}`, import.meta.url));
  const before = readFileSync(path, 'utf8');
  const after = Object.entries(parts).reduce((text, [name, content]) => fill(text, name, content), before);
  if (!process.argv.includes('--check')) {
    writeFileSync(path, after);
  } else if (after !== before) {
    console.error(`The tables of ${document} are behind the code: npm run docs`);
    process.exitCode = 1;
  }
}

/** A table for each file of tests; what is not supported has no Node. */
function wayTables() {
  const folder = new URL('../test/e2e/ways/', import.meta.url);
  const groups = WAYS.map((name) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
  return groups
    .map(({ title, test, nodes: releases, ways }) => {
      const rows = ways.map(({ way, esm = [], cjs = [], note = '', missing = {} }) => {
        const isSupported = esm.length + cjs.length > 0;
        const said = [note, ...reasons(missing)].filter(Boolean).join(' ');
        return [cell(way), ...(isSupported ? [nodes(esm), nodes(cjs)] : ['no', 'no']), cell(said)];
      });
      const head = ['', 'ES modules on Node', 'CommonJS on Node', ''];
      const tried = `Tests: [${test}](../${test}), on Node ${Object.values(releases).join(', ')}.`;
      return `## ${title}\n\n${table(head, rows)}\n\n${tried}`;
    })
    .join('\n\n');
}

/** What is missing from a row, and why: the same reason is said once. */
function reasons(missing) {
  const whats = new Map();
  for (const [what, why] of Object.entries(missing)) whats.set(why, [...(whats.get(why) ?? []), what]);
  return [...whats].map(([why, those]) => `${listed(those.map(missingCell))}: ${why}`);
}

/** `esm`, `20` or `esm 20`. */
function missingCell(what) {
  const [format, node] = /^\d/.test(what) ? [undefined, what] : what.split(' ');
  const names = { esm: 'ES modules', cjs: 'CommonJS' };
  return [names[format], node && `Node ${node}`].filter(Boolean).join(' on ');
}

function listed(names) {
  const [first, ...others] = names;
  const rest = others.map((name) => name.replace(/^(ES modules on )?Node /, ''));
  return [first, ...rest].join(', ');
}

function supportTables() {
  const tables = Object.entries(TABLES).flatMap(([category, [heading, facts]]) => {
    const rows = catalog.filter((row) => row.category === category).flatMap((row) => supportRows(row, facts));
    const head = ['', 'Id', 'Package', 'Versions tested', 'ES modules on Node', 'CommonJS on Node'];
    return rows.length > 0 ? [`### ${heading}\n\n${table([...head, ...Object.keys(facts)], rows)}`] : [];
  });
  const builtin = catalog.filter(({ category }) => category === 'infrastructure');
  const rows = builtin.map((row) => [titleOf(row), ids(row), packageNames(row)]);
  return [...tables, `### And\n\n${table(['', 'Id', 'Package'], rows)}`].join('\n\n');
}

/** A line for each package of a library; for an API that any client may call, one line. */
function supportRows(row, facts) {
  const { packages = [], id } = row;
  const lines = packages.length > 0 ? packages.map(({ name }) => name) : [undefined];
  // What is patched may be a part that nobody installs by itself (@openai/agents-core): then whoever brought it counts.
  const isInside = !records.some((record) => lines.includes(record.package) && record.seen[id]);
  return lines.map((name, index) => {
    const seen = records.filter((record) => (isInside || record.package === name) && record.seen[id]);
    const versions = seen.map(({ package: whole, version }) => (isInside ? `${whole} ${version}` : version));
    return [
      index === 0 ? cell(row.title) : '',
      index === 0 ? ids(row) : '',
      name ? code(name) : 'any HTTP client',
      versions.join(', ') || '–',
      nodes(seen.flatMap(({ esm }) => esm)),
      nodes(seen.flatMap(({ cjs }) => cjs)),
      ...Object.values(facts).map((fact) => since(seen, (record) => record.seen[id].includes(fact))),
    ];
  });
}

/** Whether all versions have it, or which do. Versions are in their order. */
function since(seen, has) {
  const those = seen.filter(has);
  if (those.length === 0) return '–';
  if (those.length === seen.length) return '✓';
  const isFrom = seen.slice(-those.length).every(has);
  return isFrom ? `from ${those[0].version}` : those.map(({ version }) => version).join(', ');
}

function nodes(names) {
  return [...new Set(names)].sort((a, b) => Number(a) - Number(b)).join(', ') || '–';
}

function titleOf({ title, isOff }) {
  return cell(isOff ? `${title} (off unless named: ${isOff})` : title);
}

function ids({ id, aliases = [] }) {
  return [id, ...aliases].map(code).join(', ');
}

function packageNames({ packages = [] }) {
  return packages.map(({ name }) => code(name)).join(', ') || 'built into Node';
}

function readRecords(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
    .sort((a, b) => compareVersions(a.version, b.version));
}

function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : left[at] - right[at];
}

/** Placeholders in angle brackets would be taken for HTML. */
function cell(text) {
  return text.replaceAll('|', '\\|').replace(/\S*<[^>]*>\S*/g, '`$&`');
}

function code(text) {
  return `\`${text}\``;
}

/** Columns are padded as the formatter pads them. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column].length)));
  const line = (cells, fill = ' ') =>
    `| ${cells.map((text, column) => text.padEnd(widths[column], fill)).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((cells) => line(cells)),
  ].join('\n');
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function fill(text, name, content) {
  const [head, rest] = split(text, `<!-- ${name} -->`);
  const [, tail] = split(rest, `<!-- /${name} -->`);
  return `${head}<!-- ${name} -->\n\n${content}\n\n<!-- /${name} -->${tail}`;
}

function split(text, marker) {
  const at = text.indexOf(marker);
  if (at < 0) throw new Error(`There is no ${marker}`);
  return [text.slice(0, at), text.slice(at + marker.length)];
}
