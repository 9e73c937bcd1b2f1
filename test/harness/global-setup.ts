import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODES, nodeBinary } from './nodes';
import { fixtures } from './paths';

/** Installs what the end-to-end tests run against: Node binaries and SDK versions, once. */
export default function setup(): void {
  for (const name of NODES) nodeBinary(name);
  nodeBinary('20.6');
  const sdks = join(fixtures, 'sdks');
  const lock = readFileSync(join(sdks, 'package-lock.json'), 'utf8');
  const modules = join(sdks, 'node_modules');
  // `npm ci` empties what a link points to before it replaces the link: a folder shared by worktrees is its owner's.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const stamp = join(modules, '.respan-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: sdks, stdio: 'inherit' });
  writeFileSync(stamp, lock);
}
