import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './paths';

/** One release of every supported major, the oldest supported one, and one that is too old. */
const RELEASES = {
  '20': '20.20.2',
  '22': '22.23.3',
  '24': '24.21.0',
  '26': '26.10.0',
  '20.6': '20.6.1',
  '18': '18.20.8',
};
export type NodeName = keyof typeof RELEASES;

/** What the end-to-end matrix runs on. */
export const NODES: NodeName[] = ['20', '22', '24', '26'];

/** Which releases these are. */
export const nodeReleases = (): Record<string, string> =>
  Object.fromEntries(NODES.map((name) => [name, RELEASES[name]]));

/** The binary of a Node release, installed into .cache from the npm package of this platform when missing. */
export function nodeBinary(name: NodeName): string {
  const folder = join(cache, 'nodes', name);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const pack = `node-${platform}-${process.arch}`;
  const binary = join(folder, 'node_modules', pack, 'bin', 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    const flags = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    execFileSync('npm', [...flags, `${pack}@${RELEASES[name]}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return binary;
}
