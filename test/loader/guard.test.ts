import { describe, expect, it } from 'vitest';
import { skipReason } from '../../src/loader/guard';

const reason = (...argv: string[]) => skipReason(['/usr/bin/node', ...argv], false, () => undefined);

describe('skipReason', () => {
  it.each([
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    '/usr/lib/node_modules/npm/bin/npx-cli.js',
    '/usr/local/bin/npm',
    '/usr/local/bin/pnpm',
    '/root/.cache/node/corepack/v1/pnpm/9.0.0/bin/pnpm.cjs',
    '/app/.yarn/releases/yarn-4.9.1.cjs',
    '/usr/lib/node_modules/corepack/dist/corepack.js',
    '/app/node_modules/typescript/bin/tsc',
    '/app/node_modules/.bin/tsc',
    '/app/node_modules/.bin/eslint',
    '/app/node_modules/eslint/bin/eslint.js',
    '/usr/share/nodejs/npm/bin/npm-cli.js',
    '/usr/local/lib/node_modules/corepack/dist/pnpm.js',
    '/app/node_modules/nodemon/bin/nodemon.js',
    '/app/node_modules/@nestjs/cli/bin/nest.js',
    '/app/node_modules/pm2/bin/pm2-runtime',
    '/app/node_modules/pm2/lib/Daemon.js',
  ])('leaves %s alone', (entry) => {
    expect(reason(entry)).toBeDefined();
  });

  it.each([
    ['/app/index.js'],
    ['/app/npm.js'],
    ['/app/src/webpack.js'],
    ['/app/lib/nest.js'],
    ['/srv/lib/app/dotenv.js'],
    ['/home/bin/app/respan.js'],
    ['/app/bin/www'],
    ['/app/node_modules/pm2/lib/ProcessContainerFork.js'],
    ['/app/node_modules/.bin/tsx', 'app.ts'],
    ['/app/node_modules/.bin/next', 'start'],
    ['/app/node_modules/next/dist/bin/next', 'dev'],
    ['/app/node_modules/.bin/vite'],
    ['/app/node_modules/.bin/vitest'],
    ['/app/node_modules/ts-node/dist/bin.js', 'app.ts'],
    [],
  ])('traces %j', (...argv) => {
    expect(reason(...argv)).toBeUndefined();
  });

  it.each([
    ['/app/node_modules/.bin/next', 'build'],
    ['/app/node_modules/.bin/vite', 'build'],
    ['/app/node_modules/.bin/nest', 'build'],
    ['/app/node_modules/.bin/nuxt', 'prepare'],
  ])('leaves %s %s alone', (...argv) => {
    expect(reason(...argv)).toBeDefined();
  });

  it('leaves processes of `next build` alone, and not those that serve', () => {
    const worker = ['node', '/app/node_modules/next/dist/compiled/jest-worker/processChild.js'];
    const inPhase = (phase: string) => (name: string) => (name === 'NEXT_PHASE' ? phase : undefined);
    expect(skipReason(worker, false, inPhase('phase-production-build'))).toBeDefined();
    expect(skipReason(worker, false, inPhase('phase-production-server'))).toBeUndefined();
    expect(skipReason(['node', '/app/server.js'], false, inPhase('phase-production-build'))).toBeUndefined();
  });

  it('can be overruled', () => {
    expect(skipReason(['node', '/usr/local/bin/npm'], true, () => undefined)).toBeUndefined();
  });
});
