/** After `npm ci` in a clone, or an installation from git: leaves a working product in dist/. */
import { execSync } from 'node:child_process';
import { createRequire } from 'node:module';

try {
  createRequire(import.meta.url).resolve('esbuild');
} catch {
  console.error(
    'respan: not built, for the dev dependencies are not installed; `npm ci && npm run build` does both',
  );
  process.exit();
}
execSync('npm run --silent build', { stdio: 'inherit' });
