import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODES, nodeBinary } from './nodes';
import { fixtures } from './paths';

/** Installs what the end-to-end tests run against: Node binaries and SDK versions, once. */
export default function setup(): void {
  for (const name of NODES) nodeBinary(name);
  nodeBinary('20.6');
  const sdks = join(fixtures, 'sdks');
  const lock = readFileSync(join(sdks, 'package-lock.json'), 'utf8');
  const stamp = join(sdks, 'node_modules', '.respan-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['ci', ...flags], { cwd: sdks, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(stamp, lock);
}
