/** Injected by the build where our code and what is bundled with it say `performance`; see scripts/chunks.mjs. */
export { performance } from './clock';
