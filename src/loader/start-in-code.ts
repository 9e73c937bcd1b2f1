import { environment } from '../config/environment';
import { type ExplicitOptions, readExplicitOptions } from '../config/explicit-options';
import { log } from '../config/log';
import { resolveConfig } from '../config/resolve';
import { safely } from '../config/safely';
import { shared } from '../config/shared';
import type { CatalogRow } from '../instruments/catalog/row';
import { patchGivenModules } from './given-modules';
import { start } from './install';
import type { Instruments } from './instruments';
import { patchLoadedEsModules } from './loaded-es-modules';
import { findRow, selectRows } from './select';
import type { Target, TargetIndex } from './targets';

/** The running hooks, as far as code may change them. */
export interface Loader {
  instruments: Instruments;
  index: TargetIndex;
  patch(target: Target, exports: unknown): void;
  extendIndex(rows: readonly CatalogRow[]): void;
  patchLoaded(): void;
}

/**
 * `new RespanTelemetry(options)` in a process without the preload: the hooks are installed now, for what is loaded from
 * here on, and what is loaded already is patched as far as it can be reached. Never throws.
 */
export function startInCode(given: unknown): void {
  safely('RespanTelemetry', () => {
    const options = readExplicitOptions(given);
    sayWarnings(options);
    if (!start(options)) log.debug('disabled by isEnabled, RESPAN_ENABLED or OTEL_SDK_DISABLED');
  });
}

/** Called by `start` with the hooks it has installed. */
export function finishStart(loader: Loader, options: ExplicitOptions): void {
  patchGivenModules(loader, options.instrumentModules);
  patchLoadedEsModules(loader);
}

/** `new RespanTelemetry(options)` where tracing runs already: what code says now wins over what was there. */
export function configure(loader: Loader, given: unknown): void {
  const running = shared();
  if (!running) return;
  const options = readExplicitOptions(given);
  sayWarnings(options);
  running.options = merged(running.options, options);
  const { config, warnings } = resolveConfig(environment, running.options.settings);
  for (const warning of warnings) log.once('warn', warning);
  select(loader, config);
  patchGivenModules(loader, options.instrumentModules);
  running.telemetry?.configure();
}

function merged(before: ExplicitOptions | undefined, now: ExplicitOptions): ExplicitOptions {
  if (!before) return now;
  const saysExporter = now.exporters.length > 0 || now.settings.exporter !== undefined;
  return {
    settings: { ...before.settings, ...now.settings },
    exporters: saysExporter ? now.exporters : before.exporters,
    spanPostprocessCallback: now.spanPostprocessCallback ?? before.spanPostprocessCallback,
    // Nothing that is kept in is let out again.
    redact: [...before.redact, ...now.redact],
    instrumentModules: now.instrumentModules,
    warnings: [],
  };
}

/** Instruments that were patched stay so, and make no spans any more; those that come back are hooked from now on. */
function select(loader: Loader, config: Parameters<typeof selectRows>[0]): void {
  const { rows, warnings } = selectRows(config);
  for (const warning of warnings) log.once('warn', warning);
  const { instruments } = loader;
  const gone = instruments.rows.filter((row) => !rows.includes(row));
  const come = rows.filter((row) => !instruments.rows.includes(row));
  instruments.remove(gone);
  instruments.add(come);
  const running = shared()!;
  running.instruments = rows.map(({ id }) => id);
  const blocked = (running.blockedScopes ??= new Set());
  for (const row of gone) blocked.add(scopeOf(row));
  for (const row of come) blocked.delete(scopeOf(row));
  if (come.length === 0) return;
  loader.extendIndex(come);
  loader.patchLoaded();
  patchLoadedEsModules(loader);
}

const scopeOf = ({ id, scope = `respan.${id}` }: CatalogRow): string => scope;

function sayWarnings({ warnings, instrumentModules }: ExplicitOptions): void {
  for (const warning of warnings) log.once('warn', warning);
  for (const name of Object.keys(instrumentModules)) {
    if (!findRow(name)) log.once('warn', `instrumentModules: there is no instrument ${JSON.stringify(name)}`);
  }
}
