import { log } from '../config/log';
import { reportFaultAs } from '../config/safely';
import type { LibraryStatus } from '../config/shared';
import type { CatalogPackage, CatalogRow } from '../instruments/catalog';
import type { Instruments } from './instruments';
import { recordStatus } from './status';
import { readManifest, type Target } from './targets';
import { isTested } from './versions';

interface Place {
  row: CatalogRow;
  package: CatalogPackage;
}

/** Applies instruments to the modules the hooks hand over. Never throws. */
export function createPatcher(rows: readonly CatalogRow[], instruments: Instruments) {
  const places = new Map<string, Place>();
  for (const row of rows) {
    for (const entry of row.packages ?? []) places.set(entry.name, { row, package: entry });
  }

  return function moduleLoaded(target: Target, exports: unknown): void {
    const place = places.get(target.package);
    if (!place || exports === null || (typeof exports !== 'object' && typeof exports !== 'function')) return;
    const version = readManifest(target.directory)?.version;
    const status: LibraryStatus = {
      instrument: place.row.id,
      package: target.package,
      version,
      directory: target.directory,
      state: 'patched',
      untested: !isTested(version, place.package.tested),
    };
    const library = `${target.package}@${version ?? 'unknown'}`;
    try {
      const instrument = instruments.load(place.row);
      instrument.patchModule?.({ ...target, version, exports: exports as Record<string, unknown> });
      if (place.row.category !== 'infrastructure') instruments.startCompanions();
      if (status.untested)
        log.debug(`${library} untested: ${testedText(place.package)}; patched all the same`);
      instruments.announce(place.row);
    } catch (error) {
      status.state = 'failed';
      const hint = status.untested ? ` (untested version: ${testedText(place.package)})` : '';
      reportFaultAs((reason) => {
        status.reason = reason;
        log.once('warn', `${library} is not traced${hint}: ${reason}`);
      }, error);
    }
    recordStatus(status);
  };
}

function testedText({ name, tested }: CatalogPackage): string {
  return `tested with ${name} from ${tested.from} to below ${tested.below}`;
}
