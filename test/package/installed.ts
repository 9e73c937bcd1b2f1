import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../harness/paths';

export interface Installed {
  tarball: string;
  /** An otherwise empty project that has the package installed. */
  project: string;
  /** Where the package is in it. */
  directory: string;
  remove(): void;
}

/** What a user gets: the package as it would be published, installed into an empty project. */
export function installPackage(): Installed {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'respan-package-')));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  npm(root, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const tarball = join(folder, `respan-${version}.tgz`);
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true }');
  npm(folder, 'install', '--no-audit', '--no-fund', tarball);
  return {
    tarball,
    project: folder,
    directory: join(folder, 'node_modules', 'respan'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function npm(cwd: string, ...args: string[]): void {
  execFileSync('npm', [...args, '--loglevel=error'], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
