import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SDK_TREES } from './app-folder';
import { NODES, nodeBinary } from './nodes';
import { fixtures } from './paths';
import { missingServices } from './services';

/** Installs what the end-to-end tests run against: Node binaries and SDK versions, once. */
export default async function setup(): Promise<void> {
  const missing = missingServices();
  if (missing.length > 0) {
    console.warn(`Tests that need them are skipped, since they are not installed: ${missing.join(', ')}`);
  }
  for (const name of NODES) nodeBinary(name);
  nodeBinary('20.6');
  const folders = [
    ...SDK_TREES.map((tree) => join('sdks', tree)),
    ...OTEL_TREES.map((tree) => join('otel-trees', tree)),
    'popular-packages',
  ].map((folder) => join(fixtures, folder));
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let folder = folders.shift(); folder; folder = folders.shift()) await installPackages(folder);
    }),
  );
}

/** npm waits for the network half of the time. */
const AT_ONCE = 3;

/** Apps with SDKs that cannot be installed side by side. */
const OTEL_TREES = readdirSync(join(fixtures, 'otel-trees'));

async function installPackages(folder: string): Promise<void> {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const modules = join(folder, 'node_modules');
  // `npm ci` empties what a link points to before it replaces the link: a folder shared by checkouts is its owner's.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const stamp = join(modules, '.respan-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { stderr } = await promisify(execFile)('npm', ['ci', ...flags], { cwd: folder });
  if (stderr) process.stderr.write(stderr);
  writeFileSync(stamp, lock);
}
