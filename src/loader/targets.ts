import { readFileSync } from 'fs';
import { posix } from 'path';
import type { CatalogPackage, CatalogRow } from '../instruments/catalog/row';
import { type TellingPaths, tellingPathsOf } from '../instruments/catalog/telling-paths';

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
  /** Of these packages, or of more. */
  telling?: TellingPaths;
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

/** `telling` answers for all rows there are, which the build knows: finding them takes milliseconds. */
export function buildTargetIndex(rows: readonly CatalogRow[], telling?: () => TellingPaths): TargetIndex {
  const index: TargetIndex = { packages: {}, replacesFunctions: [], namesAreExports: [], reExports: [] };
  if (telling) Object.defineProperty(index, 'telling', { get: telling, enumerable: true });
  extendTargetIndex(index, rows);
  return index;
}

export function extendTargetIndex(index: TargetIndex, rows: readonly CatalogRow[]): void {
  delete (index as { [ANSWERS]?: Answers })[ANSWERS];
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

/** What is asked for every module that an app loads, most of them once, in forms that answer at once. */
interface Answers {
  /** By package; nothing where it is unknown. */
  hooked: Map<string, Hooked | undefined>;
  /** By folder: whether a file in it may be a target. */
  mayHold: Map<string, boolean>;
  /** By folder, as a URL: whether no module in it can be of interest. */
  ofNoInterest: Map<string, boolean>;
  aliases?: Aliases;
  /** The modules of a package are loaded one after the other. */
  recent?: Installed;
  /** Those of a folder as well: the last one that was of no interest. */
  recentFolder: string;
}

/** The folder of an installed package, as a path with slashes and one at its end, and what of it is hooked. */
interface Installed {
  package: string;
  folder: string;
  hooked: Hooked | undefined;
}

/** The files of a package that are hooked, without extension, and the folders they are in. */
interface Hooked {
  files: ReadonlyMap<string, string[]>;
  folders: ReadonlySet<string>;
}

/** The same as TellingPaths, to be asked. */
interface Aliases {
  packages: Map<string, string[]>;
  folders: Set<string>;
}

/** Found at once, and not sent to another thread. */
const ANSWERS = Symbol('answers');

function answersOf(index: TargetIndex & { [ANSWERS]?: Answers }): Answers {
  return (index[ANSWERS] ??= {
    hooked: new Map(),
    mayHold: new Map(),
    ofNoInterest: new Map(),
    recentFolder: '',
  });
}

/** Made when the first module of a package nobody knows is loaded: many apps have none. */
export function aliases(index: TargetIndex): Aliases {
  const known = answersOf(index);
  if (!known.aliases) {
    const { files, folders } = index.telling ?? tellingPathsOf(index.packages);
    known.aliases = { packages: new Map(Object.entries(files)), folders: new Set(folders) };
  }
  return known.aliases;
}

const FOLDER = '/node_modules/';

/** The target that `filename` is, or undefined. Runs for every module an app loads, mostly before it is compiled. */
export function findTarget(index: TargetIndex, filename: string): Target | undefined {
  const file = withSlashes(filename);
  const installed = installedFrom(index, file);
  if (!installed) return undefined;
  const { folder } = installed;
  const files = installed.hooked?.files;
  const dot = file.lastIndexOf('.');
  const path = file.slice(folder.length, dot > folder.length ? dot : undefined);
  const names = files?.get(path);
  const directory = () => filename.slice(0, folder.length);
  const target = (at: string, wanted: string[]) =>
    targetAt(index, { package: installed.package, directory: directory(), path: at, names: wanted });
  if (names) return target(path, names);
  const mainNames = files?.get('.');
  if (mainNames && isMain(directory(), path)) return target('.', mainNames);
  // What is known by its own name is no other package under another one.
  if (files || !aliases(index).packages.has(path)) return undefined;
  return aliasTarget(index, directory(), path);
}

const withSlashes = (path: string): string => (path.includes('\\') ? path.replaceAll('\\', '/') : path);

/** The package that `file` belongs to. */
function installedFrom(index: TargetIndex, file: string): Installed | undefined {
  const at = file.lastIndexOf(FOLDER);
  if (at < 0) return undefined;
  const known = answersOf(index);
  const { recent } = known;
  if (recent && file.startsWith(recent.folder) && recent.folder.length > at + FOLDER.length) return recent;
  const start = at + FOLDER.length;
  let end = file.indexOf('/', start);
  if (file[start] === '@') end = file.indexOf('/', end + 1);
  if (end < 0) return undefined;
  const name = file.slice(start, end);
  known.recent = { package: name, folder: file.slice(0, end + 1), hooked: hookedOf(index, known, name) };
  return known.recent;
}

function hookedOf(index: TargetIndex, { hooked }: Answers, name: string): Hooked | undefined {
  if (!hooked.has(name)) {
    const files = Object.hasOwn(index.packages, name) ? index.packages[name] : undefined;
    const folders = files && new Set(Object.keys(files).map(folderOf));
    hooked.set(name, files && { files: new Map(Object.entries(files)), folders: folders! });
  }
  return hooked.get(name);
}

/** As posix.dirname would have it, which takes its time. */
const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '.';

const mains = new Map<string, string | undefined>();

/** Whether `require` of the package gives this file. */
function isMain(directory: string, path: string): boolean {
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
  const { mayHold } = answersOf(index);
  let answer = mayHold.get(directory);
  if (answer === undefined) mayHold.set(directory, (answer = mayHoldTargetsAt(index, directory)));
  return answer;
}

function mayHoldTargetsAt(index: TargetIndex, directory: string): boolean {
  const place = placeOf(index, directory);
  return place !== undefined && (place.hooked !== undefined || aliases(index).folders.has(place.inside));
}

/** What of a folder's package is hooked, and where in it the folder is. */
function placeOf(index: TargetIndex, directory: string) {
  const folder = `${withSlashes(directory)}/`;
  const installed = installedFrom(index, folder);
  return installed && { hooked: installed.hooked, inside: folderOf(folder.slice(installed.folder.length)) };
}

/**
 * Whether the folder of a module tells that it is no target, and that it is not the app's own, which may name us. One look
 * answers for each of the thousands of modules that an app's packages have.
 */
export function isOfNoInterest(index: TargetIndex, url: string): boolean {
  const { ofNoInterest } = answersOf(index);
  const folder = url.slice(0, url.lastIndexOf('/'));
  let answer = ofNoInterest.get(folder);
  if (answer === undefined) ofNoInterest.set(folder, (answer = isFolderOfNoInterest(index, folder)));
  return answer;
}

/** The same, as far as it is known already. Never throws. */
export function isPassedOver(index: TargetIndex, url: string): boolean {
  const known = answersOf(index);
  const length = url.lastIndexOf('/');
  const { recentFolder } = known;
  if (recentFolder.length === length && url.startsWith(recentFolder)) return true;
  const folder = url.slice(0, length);
  if (!known.ofNoInterest.get(folder)) return false;
  known.recentFolder = folder;
  return true;
}

function isFolderOfNoInterest(index: TargetIndex, folder: string): boolean {
  if (!folder.startsWith('file:///') || !folder.includes(FOLDER)) return false;
  // Escaped, or not the file's folder but in the middle of a query.
  return !/[%?#]/.test(folder) && !holdsTargets(index, folder.slice('file://'.length));
}

/** Whether a file right in `directory` is a target or may turn out to be one. */
function holdsTargets(index: TargetIndex, directory: string): boolean {
  const place = placeOf(index, directory);
  if (!place) return false;
  const { hooked, inside } = place;
  if (!hooked) return aliases(index).folders.has(inside);
  return hooked.files.has('.') || hooked.folders.has(inside);
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

const manifests = new Map<string, Manifest | undefined>();

/** Read once: it may be long, and a package of which many files are hooked is asked for each. */
export function readManifest(directory: string): Manifest | undefined {
  if (!manifests.has(directory)) manifests.set(directory, manifestIn(directory));
  return manifests.get(directory);
}

function manifestIn(directory: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(`${directory}package.json`, 'utf8')) as Manifest;
    const { name, version, main, exports } = manifest;
    return { name, version, main, exports };
  } catch {
    return undefined;
  }
}
