import type { CatalogRow } from '../catalog/row';

/**
 * What the user agents of these libraries have in common: each names its library, its package or, for those that
 * Stainless generates, its vendor (`OpenAI/JS 6.1.0`). Undefined for no library at all.
 */
export function clientsOf(rows: readonly CatalogRow[]): RegExp | undefined {
  const names = rows.flatMap(({ id, aliases = [], packages = [] }) => [
    ...[id, ...aliases].map((name) => name.replaceAll('_', '[-_ ]')),
    ...packages.map(({ name }) => name.replaceAll('.', '\\.')),
  ]);
  return names.length > 0 ? new RegExp(`(?<![a-z0-9])(?:${names.join('|')})(?![a-z0-9])`, 'i') : undefined;
}
