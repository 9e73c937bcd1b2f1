import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cache, fixtures } from './paths';

/**
 * A folder with real `node_modules`, in which a fixture app finds the SDK versions it is to run against under
 * their own names: `appFolder(['openai-5', 'anthropic-1'])`. Files are hard links; other dependencies are found
 * in the trees of fixtures/sdks that the SDKs are from. Made once and reused by every test that asks for the same.
 */
export function appFolder(sdks: string[]): string {
  const trees = [...new Set(sdks.map(treeOf))].sort();
  const folder = join(folderBelow(trees), sdks.map(withVersion).join('+') || 'none');
  if (existsSync(folder)) return folder;
  const building = `${folder}.${process.pid}.${Math.random()}`;
  mkdirSync(join(building, 'node_modules'), { recursive: true });
  for (const sdk of sdks) {
    const target = join(building, 'node_modules', manifestOf(sdk).name);
    mkdirSync(dirname(target), { recursive: true });
    linkTree(sdkFolder(sdk), target);
  }
  try {
    renameSync(building, folder);
  } catch {
    // Another worker was first; its folder is the same.
    rmSync(building, { recursive: true, force: true });
  }
  return folder;
}

/** `npm run test:latest` has versions of its own, in other trees than fixtures/sdks. */
const trial = process.env.FIXTURE_SDKS;
export const isTrial = trial !== undefined;
const sdkTrees = trial ?? join(fixtures, 'sdks');
const apps = trial ? join(dirname(trial), 'apps') : join(cache, 'apps');

/** The versions among these that there are to be run: all, but for a trial. */
export function versionsToRun<Version extends { sdks: string[] }>(versions: Version[]): Version[] {
  return isTrial ? versions.filter(({ sdks }) => sdks.every((sdk) => treesOfSdks.has(sdk))) : versions;
}

export const sdksToRun = (sdks: string[]): string[] =>
  versionsToRun(sdks.map((sdk) => ({ sdks: [sdk] }))).flatMap((version) => version.sdks);

/** Where an SDK version is installed, under its alias. */
export function sdkFolder(sdk: string): string {
  return join(sdkTrees, treeOf(sdk), 'node_modules', sdk);
}

const withVersion = (sdk: string): string => `${sdk}@${manifestOf(sdk).version}`;

function manifestOf(sdk: string): { name: string; version: string } {
  return JSON.parse(readFileSync(join(sdkFolder(sdk), 'package.json'), 'utf8'));
}

/** The package's own name. */
export const sdkName = (sdk: string): string => manifestOf(sdk).name;

/** The folders of fixtures/sdks: what cannot, or need not, be installed side by side. */
export const SDK_TREES = readdirSync(join(fixtures, 'sdks')).filter((tree) =>
  existsSync(join(fixtures, 'sdks', tree, 'package.json')),
);

const treesOfSdks = new Map(
  (trial ? readdirSync(trial) : SDK_TREES).flatMap((tree) => {
    const manifest = readFileSync(join(sdkTrees, tree, 'package.json'), 'utf8');
    const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> };
    return Object.keys(dependencies).map((sdk) => [sdk, tree]);
  }),
);

function treeOf(sdk: string): string {
  const tree = treesOfSdks.get(sdk);
  if (tree === undefined) throw new Error(`${sdk} is in no package.json of fixtures/sdks`);
  return tree;
}

/**
 * Dependencies of the SDKs (`node-fetch` of openai 4, …) are looked for upwards: the folder of an app is below one
 * folder for each tree, with the tree's node_modules in it.
 */
function folderBelow(trees: string[]): string {
  let folder = apps;
  for (const tree of trees) {
    folder = join(folder, tree);
    mkdirSync(folder, { recursive: true });
    const link = join(folder, 'node_modules');
    if (existsSync(link)) continue;
    try {
      symlinkSync(join(sdkTrees, tree, 'node_modules'), link, 'dir');
    } catch {
      // Made by another worker meanwhile.
    }
  }
  return folder;
}

/** Copies a folder as hard links, without what no app runs. */
export function linkTree(source: string, target: string): void {
  // Sources of a package, but for packages that are published as they are written; `build/src` is where others keep
  // what is run.
  const sources = startsInSource(source) ? undefined : join(source, 'src');
  cpSync(source, target, {
    recursive: true,
    filter: (from, to) => {
      if (/\.(map|d\.m?ts)$/.test(from) || from === sources) return false;
      if (!/\.\w+$/.test(from) || existsSync(to)) return true;
      try {
        mkdirSync(dirname(to), { recursive: true });
        linkSync(from, to);
        return false;
      } catch {
        return true;
      }
    },
  });
}

function startsInSource(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return false;
  const { main = '' } = JSON.parse(readFileSync(manifest, 'utf8')) as { main?: string };
  if (/^(\.\/)?src\//.test(main)) return true;
  const entry = join(folder, main);
  return (
    /\.c?js$/.test(main) && existsSync(entry) && readFileSync(entry, 'utf8').includes("require('./src')")
  );
}
