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
  const folder = join(folderBelow(trees), sdks.join('+') || 'none');
  if (existsSync(folder)) return folder;
  const building = `${folder}.${process.pid}.${Math.random()}`;
  mkdirSync(join(building, 'node_modules'), { recursive: true });
  for (const sdk of sdks) {
    const target = join(building, 'node_modules', sdkName(sdk));
    mkdirSync(dirname(target), { recursive: true });
    linkTree(folderOf(sdk), target);
  }
  try {
    renameSync(building, folder);
  } catch {
    // Another worker was first; its folder is the same.
    rmSync(building, { recursive: true, force: true });
  }
  return folder;
}

const folderOf = (sdk: string): string => join(fixtures, 'sdks', treeOf(sdk), 'node_modules', sdk);

/** The package's own name. */
export function sdkName(sdk: string): string {
  const manifest = readFileSync(join(folderOf(sdk), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { name: string }).name;
}

/** The folders of fixtures/sdks: what cannot, or need not, be installed side by side. */
export const SDK_TREES = readdirSync(join(fixtures, 'sdks')).filter((tree) =>
  existsSync(join(fixtures, 'sdks', tree, 'package.json')),
);

const treesOfSdks = new Map(
  SDK_TREES.flatMap((tree) => {
    const manifest = readFileSync(join(fixtures, 'sdks', tree, 'package.json'), 'utf8');
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
  let folder = join(cache, 'apps');
  for (const tree of trees) {
    folder = join(folder, tree);
    mkdirSync(folder, { recursive: true });
    const link = join(folder, 'node_modules');
    if (existsSync(link)) continue;
    try {
      symlinkSync(join(fixtures, 'sdks', tree, 'node_modules'), link, 'dir');
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
  return /^(\.\/)?src\//.test(main);
}
