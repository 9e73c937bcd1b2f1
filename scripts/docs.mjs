/**
 * Fills the README's tables from the tables in the code (src/config/settings.ts, src/instruments/catalog/index.ts).
 * `--check` writes nothing and exits 1 where the README is behind. Reads dist/: build first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const built = createRequire(import.meta.url);
const { settings } = built('../dist/settings.js');
const { catalog } = built('../dist/core.js');
const path = fileURLToPath(new URL('../README.md', import.meta.url));

/** Placeholders in angle brackets would be taken for HTML. */
const cell = (text) => text.replaceAll('|', '\\|').replace(/\S*<[^>]*>\S*/g, '`$&`');
const code = (text) => `\`${text}\``;

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

const settingsTable = table(
  ['Variable', 'Option in code', 'Default', 'Meaning'],
  Object.entries(settings).map(([option, { variable, defaultText, description }]) => [
    code(variable),
    code(option),
    /^[\w:/.]+$/.test(defaultText) ? code(defaultText) : cell(defaultText),
    cell(description),
  ]),
);

const supportTable = table(
  ['Id', 'Also called', 'What', 'Package', 'Versions'],
  catalog.map(({ id, aliases = [], title, packages = [], httpPaths, isOff }) => [
    code(id),
    aliases.map(code).join(', '),
    cell(isOff ? `${title} (off unless named: ${isOff})` : title),
    packages.map(({ name }) => code(name)).join('<br>') ||
      (httpPaths ? 'any HTTP client' : 'built into Node'),
    packages.map(({ tested }) => `${tested.from} to below ${tested.below}`).join('<br>'),
  ]),
);

const before = readFileSync(path, 'utf8');
const after = fill(fill(before, 'settings', settingsTable), 'support', supportTable);
if (!process.argv.includes('--check')) {
  writeFileSync(path, after);
} else if (after !== before) {
  console.error('The tables of README.md are behind the code: npm run docs');
  process.exitCode = 1;
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function fill(text, name, content) {
  const [head, rest] = split(text, `<!-- ${name} -->`);
  const [, tail] = split(rest, `<!-- /${name} -->`);
  return `${head}<!-- ${name} -->\n\n${content}\n\n<!-- /${name} -->${tail}`;
}

function split(text, marker) {
  const at = text.indexOf(marker);
  if (at < 0) throw new Error(`README.md has no ${marker}`);
  return [text.slice(0, at), text.slice(at + marker.length)];
}
