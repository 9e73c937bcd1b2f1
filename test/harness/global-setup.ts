import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODES, nodeBinary } from './nodes';
import { fixtures } from './paths';

/** Installs what the end-to-end tests run against: Node binaries and SDK versions, once. */
export default function setup(): void {
  for (const name of NODES) nodeBinary(name);
  nodeBinary('20.6');
  for (const folder of ['sdks', ...OTEL_TREES.map((tree) => join('otel-trees', tree))]) {
    installPackages(join(fixtures, folder));
  }
}

/** Apps with SDKs that cannot be installed side by side. */
const OTEL_TREES = readdirSync(join(fixtures, 'otel-trees'));

function installPackages(folder: string): void {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const modules = join(folder, 'node_modules');
  // `npm ci` empties what a link points to before it replaces the link: a folder shared by checkouts is its owner's.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const stamp = join(modules, '.respan-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['ci', ...flags], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(stamp, lock);
}
