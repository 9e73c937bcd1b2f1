import { catalog } from '../instruments/catalog';
import type { CatalogPackage, CatalogRow } from '../instruments/catalog/row';
import type { Command } from './command';
import { table } from './table';
import { UsageError } from './usage-error';

/** `respan instruments`: what is known, and by which names. */
export const instruments: Command = {
  name: 'instruments',
  usage: '[--json]',
  summary: 'list the libraries that are traced, and the names to pick them by',
  flags: [{ name: 'json', description: 'print the list as JSON' }],
  run(values, rest) {
    if (rest.length > 0) throw new UsageError(`respan instruments takes no argument (${rest[0]})`);
    process.stdout.write(`${values.has('json') ? asJson() : asTable()}\n`);
    return 0;
  },
};

function asTable(): string {
  const rows = catalog.map(({ id, title, category, packages = [], aliases = [], httpPaths, isOff }) => [
    id,
    isOff ? `${title} (off)` : title,
    category,
    packagesText(packages) || elsewhere(category, httpPaths),
    aliases.join(', ') || '–',
  ]);
  return table([['ID', 'LIBRARY', 'CATEGORY', 'TESTED WITH', 'ALIASES'], ...rows]);
}

function elsewhere(category: CatalogRow['category'], httpPaths: string | undefined): string {
  if (httpPaths) return 'any HTTP client';
  return category === 'infrastructure' ? 'built into Node' : '–';
}

/** More than two do not fit into a terminal; `--json` has them all. */
function packagesText(packages: readonly CatalogPackage[]): string {
  const shown = packages.slice(0, 2).map(versions).join(', ');
  return packages.length > 2 ? `${shown} and ${packages.length - 2} more` : shown;
}

const versions = ({ name, tested }: CatalogPackage) => `${name} >=${tested.from} <${tested.below}`;

function asJson(): string {
  const rows = catalog.map(({ id, title, category, aliases = [], packages = [], isOff }) => ({
    id,
    title,
    category,
    aliases,
    ...(isOff && { offByDefault: isOff }),
    packages: packages.map(({ name, tested }) => ({ name, tested })),
  }));
  return JSON.stringify(rows, null, 2);
}
