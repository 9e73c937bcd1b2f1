import { environment } from '../config/environment';
import { log, setLogLevel } from '../config/log';
import { safely } from '../config/safely';
import { startSettings } from '../config/start-settings';
import { catalog } from '../instruments/catalog';
import { aliases, buildTargetIndex, findTarget, readManifest } from '../loader/targets';
import { statementFor } from './statement';

/** The files of known libraries among those of a build, and what they become. */
export interface Marker {
  /** The files that are worth a look, by their path alone: bundlers ask for no others. */
  filter: RegExp;
  /** The source with a statement behind it, or undefined where the file is none of ours. Never throws. */
  mark(file: string, source: string): string | undefined;
  /** The same by a file that is not read yet. */
  isKnown(file: string): boolean;
}

/**
 * This package stays outside of bundles: it is what the preload is loaded from, and most of it is loaded by the names of
 * files. An app that imports it without the preload can start it, and the two meet where there are both.
 */
export const OWN_NAME = /^respan(?:\/(?:global|register|testing))?$/;

let made: Marker | undefined;

/** One for all plugins of a process: builds are often made of several. */
export function marker(): Marker {
  return (made ??= createMarker());
}

function createMarker(): Marker {
  safely('the plugin', () => setLogLevel(startSettings(environment).config.logLevel));
  const index = buildTargetIndex(catalog);
  const targetOf = (file: string) => {
    // What plugins have made up.
    if (file.startsWith('\0')) return undefined;
    return findTarget(index, withoutQuery(file));
  };
  return {
    filter: filterFor(Object.keys(index.packages), [...aliases(index).packages.keys()]),
    isKnown: (file) => guarded(file, () => targetOf(file)) !== undefined,
    mark: (file, source) =>
      guarded(file, () => {
        const target = targetOf(file);
        if (!target) return undefined;
        // Neither what the machine calls its folders nor a manifest goes into the bundle.
        const version = readManifest(target.directory)?.version;
        const statement = statementFor({ ...target, directory: '', version }, withoutQuery(file), source);
        log.debug(`${target.package}@${version} ${target.path}: ${statement ? 'marked' : 'nothing to mark'}`);
        return statement ? source + statement : undefined;
      }),
  };
}

/** A build does not fail for our sake. */
function guarded<T>(file: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    log.once('warn', `${file} is bundled as it is, and not traced: ${(error as Error).message}`);
    return undefined;
  }
}

/** `?v=1`, `?commonjs-es-import`: bundlers' own notes. */
const withoutQuery = (file: string): string => file.replace(/\?[^/\\]*$/, '');

const escaped = (path: string): string =>
  path.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&').replaceAll('/', '[\\\\/]');

/** Also in the language of regular expressions that Go has, in which esbuild asks. */
function filterFor(packages: readonly string[], paths: readonly string[]): RegExp {
  const named = packages.map(escaped).join('|');
  const installedUnderAnother = `.*[\\\\/](?:${paths.map(escaped).join('|')})`;
  return new RegExp(
    `[\\\\/]node_modules[\\\\/](?:(?:${named})[\\\\/].*|${installedUnderAnother})\\.[cm]?js(?:\\?.*)?$`,
  );
}
