import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
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
 * in fixtures/sdks. Made once and reused by every test that asks for the same.
 */
export function appFolder(sdks: string[]): string {
  const folder = join(cache, 'apps', sdks.join('+') || 'none');
  if (existsSync(folder)) return folder;
  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(join(building, 'node_modules'), { recursive: true });
  for (const sdk of sdks) {
    const source = join(fixtures, 'sdks', 'node_modules', sdk);
    const { name } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { name: string };
    const target = join(building, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    linkTree(source, target);
  }
  try {
    renameSync(building, folder);
  } catch {
    // Another worker was first; its folder is the same.
    rmSync(building, { recursive: true, force: true });
  }
  linkDependencies();
  return folder;
}

/** Dependencies of the SDKs (`node-fetch` of openai 4, …) are looked for upwards: in .cache/node_modules. */
function linkDependencies(): void {
  const link = join(cache, 'node_modules');
  if (existsSync(link)) return;
  try {
    symlinkSync(join(fixtures, 'sdks', 'node_modules'), link, 'dir');
  } catch {
    // Made by another worker meanwhile.
  }
}

/** Copies a folder as hard links, without what no app runs. */
export function linkTree(source: string, target: string): void {
  cpSync(source, target, {
    recursive: true,
    filter: (from, to) => {
      if (/\.(map|d\.m?ts)$|[\\/]src$/.test(from)) return false;
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
