/**
 * After `npm ci` in a clone, or an installation from git: leaves a working product in dist/. With `--missing`, the
 * same where npm was told to run no scripts, and nothing where dist/ is there.
 */
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const isNeeded = process.argv.includes('--missing');
if (isNeeded && existsSync(new URL('../dist/cli.js', import.meta.url))) process.exit();
try {
  createRequire(import.meta.url).resolve('esbuild');
} catch {
  console.error(
    'respan: not built, because the dev dependencies are not installed (npm ci installs and builds)',
  );
  process.exit(isNeeded ? 1 : 0);
}
execSync('npm run --silent build', { stdio: 'inherit' });
