import { log } from '../config/log';
import type { CatalogPackage } from '../instruments/catalog/row';
import { findRow } from './select';
import type { Loader } from './start-in-code';
import type { Target } from './targets';

/**
 * `instrumentModules: { openAI: OpenAI }`: libraries the app hands over itself, since they are inside its bundle or were
 * loaded where no hook sees them. What is given is a library's main class or all that it exports.
 */
export function patchGivenModules(loader: Loader, modules: Record<string, unknown>): void {
  for (const [name, given] of Object.entries(modules)) {
    const row = findRow(name);
    if (!row || given === null || given === undefined) continue;
    const entry = row.packages?.find(({ fromMain }) => fromMain !== undefined);
    if (!entry?.fromMain) {
      log.once('warn', `instrumentModules: ${row.title} cannot be handed over yet; use the preload`);
      continue;
    }
    const found = targetsIn(given, entry);
    for (const [target, exports] of found) loader.patch(target, exports);
    if (found.length === 0) {
      log.once('warn', `instrumentModules: ${name} is not ${entry.name} or its main class; it is not traced`);
    }
  }
}

function targetsIn(given: unknown, { name, files, fromMain = {} }: CatalogPackage): [Target, unknown][] {
  const mains = [given, at(given, 'default'), ...classesIn(given)];
  return Object.entries(fromMain).flatMap(([way, place]): [Target, unknown][] => {
    const [path = '', className = ''] = place.split(' ');
    const found = mains
      .map((main) => way.split('.').reduce(at, main))
      .find((value) => typeof value === 'function');
    if (!found) return [];
    const target = { package: name, directory: '', path, names: files[path] ?? [className] };
    return [[target, { [className]: found }]];
  });
}

/** A namespace holds the main class under a name of the library's own. */
function classesIn(given: unknown): unknown[] {
  return typeof given === 'object' && given !== null
    ? Object.keys(given)
        .map((key) => at(given, key))
        .filter((value) => typeof value === 'function')
    : [];
}

function at(value: unknown, key: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
