import { nearest } from '../config/nearest';
import type { StartSettings } from '../config/start-settings';
import { catalog } from '../instruments/catalog';
import type { CatalogRow } from '../instruments/catalog/row';

export interface Selection {
  rows: CatalogRow[];
  /** Names that are in no row. */
  warnings: string[];
}

type Choice = Pick<StartSettings, 'instruments' | 'blockInstruments' | 'otel'>;

/** The catalog rows that RESPAN_INSTRUMENTS and RESPAN_BLOCK_INSTRUMENTS leave, or where these are silent OTEL_NODE_*. */
export function selectRows({ instruments, blockInstruments, otel = {} }: Choice): Selection {
  const warnings: string[] = [];
  const ids = (names: readonly string[], variable: string): Set<string> => {
    const found = new Set<string>();
    for (const name of names) {
      const rows = rowsOf(name);
      for (const { id } of rows) found.add(id);
      if (rows.length > 0 || (isAll(name) && variable === 'RESPAN_INSTRUMENTS')) continue;
      warnings.push(unknownInstrument(name, variable));
    }
    return found;
  };
  const wanted = instruments && ids(instruments, 'RESPAN_INSTRUMENTS');
  const blocked = ids(blockInstruments, 'RESPAN_BLOCK_INSTRUMENTS');
  for (const { id, includes = [] } of catalog) {
    if (wanted?.has(id)) for (const included of includes) wanted.add(included);
  }
  // Context propagation stays on even when instruments are picked by hand, as the tutorial promises.
  wanted?.add('threading');
  if (instruments?.some(isAll)) for (const { id, isOff } of catalog) if (!isOff) wanted?.add(id);
  const ofOpenTelemetry = switchOf(otel, warnings);
  const isOn = wanted ? ({ id }: CatalogRow) => wanted.has(id) : ofOpenTelemetry;
  return { rows: catalog.filter((row) => isOn(row) && !blocked.has(row.id)), warnings };
}

/** In a list, everything that is on by default: `all,fs`. */
export const isAll = (name: string): boolean => idOf(name) === 'all';

const OTEL_SCOPE = '@opentelemetry/instrumentation-';

/** In OpenTelemetry's set, and either an instrument of our own or one that makes no spans. */
const NOT_OURS = ['openai', 'host-metrics', 'runtime-node'];

/** What OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS say of OpenTelemetry's instrumentations. */
function switchOf(otel: NonNullable<Choice['otel']>, warnings: string[]): (row: CatalogRow) => boolean {
  const scopes = (variable: 'OTEL_NODE_ENABLED_INSTRUMENTATIONS' | 'OTEL_NODE_DISABLED_INSTRUMENTATIONS') =>
    otel[variable]?.map((name) => {
      const scope = `${OTEL_SCOPE}${name}`;
      if (!NOT_OURS.includes(name) && !catalog.some((row) => row.scope === scope)) {
        warnings.push(`${variable}: there is no instrumentation ${JSON.stringify(name)}`);
      }
      return scope;
    });
  const enabled = scopes('OTEL_NODE_ENABLED_INSTRUMENTATIONS');
  const disabled = scopes('OTEL_NODE_DISABLED_INSTRUMENTATIONS') ?? [];
  return ({ scope = '', isOff }) => {
    if (!scope.startsWith(OTEL_SCOPE)) return true;
    if (disabled.includes(scope)) return false;
    return enabled ? enabled.includes(scope) : !isOff;
  };
}

const idOf = (name: string): string => name.trim().toLowerCase().replace(/[-.]/g, '_');

/** All rows of that name: the Python SDK's `redis` and `pymysql` are two libraries each here. */
function rowsOf(name: string): CatalogRow[] {
  const wanted = idOf(name);
  return catalog.filter(({ id, aliases }) => id === wanted || aliases?.includes(wanted));
}

export function findRow(name: string): CatalogRow | undefined {
  const wanted = idOf(name);
  return catalog.find(({ id }) => id === wanted) ?? rowsOf(name)[0];
}

export function unknownInstrument(name: string, where: string): string {
  const known = catalog.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
  const near = nearest(name, known);
  const hint = near ? `; did you mean ${near}?` : '; `respan instruments` lists them';
  return `${where}: there is no instrument ${JSON.stringify(name)}${hint}`;
}
