import { readFileSync } from 'fs';
import { posix } from 'path';
import type { CatalogPackage, CatalogRow } from '../instruments/catalog/row';

/**
 * Which files are hooked: a plain object, so that it can be sent to the loader thread as it is.
 * Paths inside packages carry no extension; `index.js`, `.mjs` and `.cjs` builds are the same target.
 */
export interface TargetIndex {
  packages: Record<string, Record<string, string[]>>;
  /** Packages with CatalogPackage.replacesFunctions. */
  replacesFunctions: string[];
  /** Packages with CatalogPackage.namesAreExports. */
  namesAreExports: string[];
  /** Packages with CatalogPackage.reExports. */
  reExports: string[];
}

/** Ways in which a module hands over its names; see CatalogPackage. */
const KINDS = ['replacesFunctions', 'namesAreExports', 'reExports'] as const;

/** One file of a known library that is about to be, or has been, loaded. */
export interface Target {
  package: string;
  /** The package's folder, with a trailing separator. */
  directory: string;
  /** Where it is inside of a bundle, without a folder of its own to ask for it. */
  version?: string;
  path: string;
  /** What the instrument wants from the module's scope. */
  names: string[];
  /** A CommonJS module, too, hands over its scope. */
  replacesFunctions?: true;
  /** The names are those it exports, whatever stands for them in its scope. */
  namesAreExports?: true;
  /** An ES module hands over what it exports. */
  reExports?: true;
}

export function buildTargetIndex(rows: readonly CatalogRow[]): TargetIndex {
  const index: TargetIndex = { packages: {}, replacesFunctions: [], namesAreExports: [], reExports: [] };
  extendTargetIndex(index, rows);
  return index;
}

export function extendTargetIndex(index: TargetIndex, rows: readonly CatalogRow[]): void {
  aliasesOf.delete(index);
  for (const row of rows) {
    for (const added of row.packages ?? []) {
      for (const kind of KINDS) if (added[kind]) index[kind].push(added.name);
      addPackage(index.packages, added);
    }
  }
}

/** The files are asked for once a module of the package loads: until then the build keeps them as text. */
function addPackage(packages: TargetIndex['packages'], added: CatalogPackage): void {
  const { name } = added;
  const known = Object.getOwnPropertyDescriptor(packages, name);
  const property = { configurable: true, enumerable: true };
  Object.defineProperty(packages, name, {
    ...property,
    get() {
      const before = known?.get ? (known.get() as object) : known?.value;
      // Copied only where it must be: large objects are slow to make.
      const files = before ? { ...before, ...added.files } : added.files;
      Object.defineProperty(packages, name, { ...property, value: files });
      return files;
    },
  });
}

/** To recognise a package installed under another name (`npm i x@npm:openai@4`): deep paths only. */
interface Aliases {
  /** The packages that have a file of this path. */
  packages: Map<string, string[]>;
  folders: Set<string>;
}

const aliasesOf = new WeakMap<TargetIndex, Aliases>();

/** Made when the first module of a package nobody knows is loaded: many apps have none. */
export function aliases(index: TargetIndex): Aliases {
  let known = aliasesOf.get(index);
  if (known) return known;
  known = { packages: new Map(), folders: new Set() };
  aliasesOf.set(index, known);
  for (const [name, files] of Object.entries(index.packages)) {
    for (const path of Object.keys(files).filter(isTelling)) {
      known.packages.set(path, [...(known.packages.get(path) ?? []), name]);
      known.folders.add(posix.dirname(path));
    }
  }
  return known;
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
  const mainNames = files?.['.'];
  if (mainNames && isMain(place)) return targetAt(index, { ...place, path: '.', names: mainNames });
  // What is known by its own name is no other package under another one.
  if (files || !aliases(index).packages.has(path)) return undefined;
  return aliasTarget(index, place.directory, path);
}

const mains = new Map<string, string | undefined>();

/** Whether `require` of the package gives this file. */
function isMain({ directory, path }: Place): boolean {
  if (!mains.has(directory)) mains.set(directory, mainOf(readManifest(directory)));
  const main = mains.get(directory);
  return main !== undefined && (path === main || path === posix.join(main, 'index'));
}

function mainOf(manifest: Manifest | undefined): string | undefined {
  if (!manifest) return undefined;
  const main = exported(manifest.exports) ?? manifest.main ?? 'index';
  return posix.normalize(main).replace(/\.[cm]?js$|\/$/, '');
}

/** What the conditions of `require` choose for `.`. */
function exported(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const conditions = exports as Record<string, unknown>;
  if ('.' in conditions) return exported(conditions['.']);
  for (const [condition, value] of Object.entries(conditions)) {
    if (!['require', 'node', 'default'].includes(condition)) continue;
    const found = exported(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a file in `directory` may be a target: it belongs to a known package, or to one under another name. */
export function mayHoldTargets(index: TargetIndex, directory: string): boolean {
  const place = placeOf(`${directory}/x`);
  if (!place) return false;
  if (Object.hasOwn(index.packages, place.package)) return true;
  // As posix.dirname would have it, which takes its time.
  return aliases(index).folders.has(place.path.slice(0, -'/x'.length) || '.');
}

function aliasTarget(index: TargetIndex, directory: string, path: string): Target | undefined {
  const name = readManifest(directory)?.name ?? '';
  if (!aliases(index).packages.get(path)?.includes(name)) return undefined;
  const names = index.packages[name]?.[path];
  return names && targetAt(index, { package: name, directory, path, names });
}

function targetAt(index: TargetIndex, target: Target): Target {
  const kinds = KINDS.filter((kind) => index[kind].includes(target.package));
  return { ...target, ...Object.fromEntries(kinds.map((kind) => [kind, true])) };
}

interface Manifest {
  name?: string;
  version?: string;
  main?: string;
  exports?: unknown;
}

export function readManifest(directory: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(`${directory}package.json`, 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}
