import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** The built package, as an app gets it. */
export const respan = load('../../dist/index.js') as typeof import('../../src/index');
export const testing = load('../../dist/testing.js') as typeof import('../../src/testing');
