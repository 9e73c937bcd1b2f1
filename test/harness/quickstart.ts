import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures } from './paths';

export const quickstart = join(fixtures, 'quickstart');

/** The quick start's SDKs and its mock, which the examples and the guide use as well. */
export function installQuickstart(): void {
  if (existsSync(join(quickstart, 'node_modules'))) return;
  execFileSync('npm', ['ci', '--loglevel=error'], {
    cwd: quickstart,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
