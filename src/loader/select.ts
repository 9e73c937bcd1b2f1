import { nearest } from '../config/nearest';
import type { StartSettings } from '../config/start-settings';
import { catalog } from '../instruments/catalog';
import type { CatalogRow } from '../instruments/catalog/row';

/** Names of the Python SDK's instruments whose libraries are not traced yet: no slip of the pen. */
const NOT_YET: readonly string[] = ['redis', 'pymysql'];

export interface Selection {
  rows: CatalogRow[];
  /** Names that are in no row. */
  warnings: string[];
}

/** The catalog rows that RESPAN_INSTRUMENTS and RESPAN_BLOCK_INSTRUMENTS leave. */
export function selectRows(config: Pick<StartSettings, 'instruments' | 'blockInstruments'>): Selection {
  const warnings: string[] = [];
  const ids = (names: readonly string[], variable: string): Set<string> => {
    const found = new Set<string>();
    for (const name of names) {
      const row = findRow(name);
      if (row) found.add(row.id);
      else if (!NOT_YET.includes(idOf(name))) warnings.push(unknownInstrument(name, variable));
      else if (variable === 'RESPAN_INSTRUMENTS') warnings.push(`${variable}: ${name} is not traced yet`);
    }
    return found;
  };
  const wanted = config.instruments && ids(config.instruments, 'RESPAN_INSTRUMENTS');
  const blocked = ids(config.blockInstruments, 'RESPAN_BLOCK_INSTRUMENTS');
  for (const { id, includes = [] } of catalog) {
    if (wanted?.has(id)) for (const included of includes) wanted.add(included);
  }
  // Context propagation stays on even when instruments are picked by hand, as the tutorial promises.
  wanted?.add('threading');
  return { rows: catalog.filter(({ id }) => (wanted?.has(id) ?? true) && !blocked.has(id)), warnings };
}

const idOf = (name: string): string => name.trim().toLowerCase().replaceAll('-', '_');

export function findRow(name: string): CatalogRow | undefined {
  const wanted = idOf(name);
  return catalog.find(({ id, aliases }) => id === wanted || aliases?.includes(wanted));
}

export function unknownInstrument(name: string, where: string): string {
  const known = catalog.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
  const near = nearest(name, known);
  const hint = near ? `; did you mean ${near}?` : '; `respan instruments` lists them';
  return `${where}: there is no instrument ${JSON.stringify(name)}${hint}`;
}
