import { isLogged, log } from '../config/log';
import { reportFaultAs } from '../config/safely';
import type { LibraryStatus } from '../config/shared';
import type { CatalogPackage, CatalogRow } from '../instruments/catalog/row';
import type { Instruments } from './instruments';
import { type Names, replaceable } from './replaceable';
import { recordStatus } from './status';
import { readManifest, type Target } from './targets';
import { isTested } from './versions';

interface Place {
  row: CatalogRow;
  package: CatalogPackage;
}

/** Applies instruments to the modules the hooks hand over. Never throws. */
export function createPatcher(instruments: Instruments) {
  function placeOf(name: string): Place | undefined {
    for (const row of instruments.rows) {
      const entry = row.packages?.find((one) => one.name === name);
      if (entry) return { row, package: entry };
    }
    return undefined;
  }

  /**
   * With `commonJs`, what a CommonJS module exports, `exports` is its scope. `replace` sets what a CommonJS module
   * exports.
   */
  return function moduleLoaded(
    target: Target,
    exports: unknown,
    commonJs?: unknown,
    replace?: (exports: unknown) => void,
  ): void {
    const place = placeOf(target.package);
    if (!place || exports === null || (typeof exports !== 'object' && typeof exports !== 'function')) return;
    if (target.replacesFunctions) exports = replaceable(target.names, exports as Names, commonJs as Names);
    const status: LibraryStatus = {
      instrument: place.row.id,
      package: target.package,
      directory: target.directory,
      state: 'patched',
      // Most processes never ask: it takes reading the manifest of each library.
      get version() {
        return versionOf(target);
      },
      get untested() {
        return !isTested(versionOf(target), place.package.tested);
      },
    };
    const library = () => `${target.package}@${status.version ?? 'unknown'}`;
    try {
      const instrument = instruments.load(place.row);
      instrument.patchModule?.({
        ...target,
        get version() {
          return status.version;
        },
        exports: exports as Record<string, unknown>,
        replace,
        skip(reason) {
          status.state = 'skipped';
          status.reason = reason;
        },
      });
      if (hasNoneOf(target, place.package, exports as Names)) {
        status.state = 'skipped';
        status.reason = `there is no ${target.names.join(' or ')} in its ${target.path}`;
      }
      if (status.state === 'skipped') {
        if (isLogged('DEBUG')) log.debug(`${library()} is not traced: ${status.reason}`);
        recordStatus(status);
        return;
      }
      if (place.row.category !== 'infrastructure') instruments.startCompanions();
      if (isLogged('DEBUG') && status.untested) {
        log.debug(`${library()} untested: ${testedText(place.package)}; patched all the same`);
      }
      instruments.announce(place.row);
    } catch (error) {
      status.state = 'failed';
      const hint = status.untested ? ` (untested version: ${testedText(place.package)})` : '';
      reportFaultAs((reason) => {
        status.reason = reason;
        log.once('warn', `${library()} is not traced${hint}: ${reason}`);
      }, error);
    }
    recordStatus(status);
  };
}

/** Where there is one file for what is replaced: a version that is not known yet may have it elsewhere. */
const hasNoneOf = ({ replacesFunctions, names }: Target, { files = {} }: CatalogPackage, exports: Names) =>
  replacesFunctions === true &&
  Object.keys(files).length === 1 &&
  names.every((name) => exports[name] === undefined);

/** What is in a bundle, or was handed over by the app, has no folder. */
function versionOf({ version, directory }: Target): string | undefined {
  return version ?? (directory ? readManifest(directory)?.version : undefined);
}

function testedText({ name, tested }: CatalogPackage): string {
  return `tested with ${name} from ${tested.from} to below ${tested.below}`;
}
