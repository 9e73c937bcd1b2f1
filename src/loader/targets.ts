import { readFileSync } from 'fs';
import { posix } from 'path';
import type { CatalogRow } from '../instruments/catalog';

/**
 * Which files are hooked: a plain object, so that it can be sent to the loader thread as it is.
 * Paths inside packages carry no extension; `index.js`, `.mjs` and `.cjs` builds are the same target.
 */
export interface TargetIndex {
  packages: Record<string, Record<string, string[]>>;
  /** Deep paths only, to recognise a package installed under another name (`npm i x@npm:openai@4`). */
  byPath: Record<string, string[]>;
  /** Packages with CatalogPackage.replacesFunctions. */
  replacesFunctions: string[];
}

/** One file of a known library that is about to be, or has been, loaded. */
export interface Target {
  package: string;
  /** The package's folder, with a trailing separator. */
  directory: string;
  path: string;
  /** What the instrument wants from the module's scope. */
  names: string[];
  /** A CommonJS module, too, hands over its scope. */
  replacesFunctions?: true;
}

const foldersOf = new WeakMap<TargetIndex, Set<string>>();

export function buildTargetIndex(rows: readonly CatalogRow[]): TargetIndex {
  const index: TargetIndex = { packages: {}, byPath: {}, replacesFunctions: [] };
  extendTargetIndex(index, rows);
  return index;
}

export function extendTargetIndex(index: TargetIndex, rows: readonly CatalogRow[]): void {
  foldersOf.delete(index);
  for (const row of rows) {
    for (const { name, files, replacesFunctions } of row.packages ?? []) {
      if (replacesFunctions) index.replacesFunctions.push(name);
      index.packages[name] = { ...index.packages[name], ...files };
      for (const path of Object.keys(files)) {
        if (isTelling(path)) (index.byPath[path] ??= []).push(name);
      }
    }
  }
}

/**
 * Whether a path alone is reason enough to look whose it is. Half of all packages have a `dist/index` or a
 * `lib/stream`: for those, every module of the app would be looked at twice.
 */
function isTelling(path: string): boolean {
  return path.includes('/') && !path.endsWith('/index') && !/^(dist|lib)\/(shared\/)?[^/]+$/.test(path);
}

const FOLDER = '/node_modules/';

/** A file inside an installed package. */
interface Place {
  package: string;
  directory: string;
  /** Inside the package, without extension. */
  path: string;
}

function placeOf(filename: string): Place | undefined {
  const file = filename.includes('\\') ? filename.replaceAll('\\', '/') : filename;
  const at = file.lastIndexOf(FOLDER);
  if (at < 0) return undefined;
  const start = at + FOLDER.length;
  let end = file.indexOf('/', start);
  if (file[start] === '@') end = file.indexOf('/', end + 1);
  if (end < 0) return undefined;
  const dot = file.lastIndexOf('.');
  return {
    package: file.slice(start, end),
    directory: filename.slice(0, end + 1),
    path: file.slice(end + 1, dot > end ? dot : undefined),
  };
}

/** The target that `filename` is, or undefined. Runs for every module an app loads. */
export function findTarget(index: TargetIndex, filename: string): Target | undefined {
  const place = placeOf(filename);
  if (!place) return undefined;
  const { package: name, path } = place;
  const files = Object.hasOwn(index.packages, name) ? index.packages[name] : undefined;
  const names = files && Object.hasOwn(files, path) ? files[path] : undefined;
  if (names) return targetAt(index, { ...place, names });
  if (!Object.hasOwn(index.byPath, path)) return undefined;
  return aliasTarget(index, place.directory, path);
}

/** Whether a file in `directory` may be a target: it belongs to a known package, or to one under another name. */
export function mayHoldTargets(index: TargetIndex, directory: string): boolean {
  const place = placeOf(`${directory}/x`);
  if (!place) return false;
  return Object.hasOwn(index.packages, place.package) || aliasFolders(index).has(posix.dirname(place.path));
}

function aliasFolders(index: TargetIndex): Set<string> {
  let folders = foldersOf.get(index);
  if (!folders) {
    folders = new Set(Object.keys(index.byPath).map((path) => posix.dirname(path)));
    foldersOf.set(index, folders);
  }
  return folders;
}

function aliasTarget(index: TargetIndex, directory: string, path: string): Target | undefined {
  const name = readManifest(directory)?.name ?? '';
  if (!index.byPath[path]?.includes(name)) return undefined;
  const names = index.packages[name]?.[path];
  return names && targetAt(index, { package: name, directory, path, names });
}

function targetAt(index: TargetIndex, target: Target): Target {
  return index.replacesFunctions.includes(target.package) ? { ...target, replacesFunctions: true } : target;
}

export function readManifest(directory: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(`${directory}package.json`, 'utf8')) as {
      name?: string;
      version?: string;
    };
  } catch {
    return undefined;
  }
}
