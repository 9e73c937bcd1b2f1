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
    const entries = (row.packages ?? []).filter(({ fromMain }) => fromMain !== undefined);
    if (entries.length === 0) {
      log.once('warn', `instrumentModules: ${row.title} cannot be handed over yet; use the preload`);
      continue;
    }
    const found = entries.flatMap((entry) => targetsIn(given, entry));
    for (const [target, exports] of found) loader.patch(target, exports);
    if (found.length === 0) {
      const names = entries.map((entry) => entry.name).join(' or ');
      log.once('warn', `instrumentModules: ${name} is not ${names} or its main class; it is not traced`);
    }
  }
}

function targetsIn(given: unknown, entry: CatalogPackage): [Target, unknown][] {
  const { name, files, fromMain = {}, mainClass } = entry;
  const [mainName, method = ''] = mainClass?.split('#') ?? [];
  // Bundlers rename classes, and some libraries export an instance.
  const isMain = (value: unknown) => typeof value === 'function' && at(at(value, 'prototype'), method);
  const self = mainClass && [given, at(given, 'default'), at(given, 'constructor')].find(isMain);
  const mains = [given, at(given, 'default'), ...classesIn(given), self && { [mainName!]: self }];
  return Object.entries(fromMain).flatMap(([way, place]): [Target, unknown][] => {
    const [path = '', className = ''] = place.split(' ');
    const found = mains
      .map((main) => way.split('.').reduce(step, main))
      .find((value) => typeof value === 'function');
    if (!found) return [];
    const target = { package: name, directory: '', path, names: files[path] ?? [className] };
    return [[target, { [className]: found }]];
  });
}

/** `Class#name`: the class of what its instances have under that name. */
function step(value: unknown, part: string): unknown {
  const [key = '', getter] = part.split('#');
  const found = at(value, key);
  return getter === undefined ? found : classBehind(found, getter);
}

/** Getters of clients make the parts of a client: one is asked that has been given no options, and is thrown away. */
function classBehind(owner: unknown, getter: string): unknown {
  const prototype = at(owner, 'prototype');
  if (typeof prototype !== 'object') return undefined;
  return at(at(Object.create(prototype, { _options: { value: {} } }), getter), 'constructor');
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
