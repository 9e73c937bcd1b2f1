/** Injected by the build where bundled code says `process.env`; see scripts/chunks.mjs. */
export { mergedEnv } from './environment';
