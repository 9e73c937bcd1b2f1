/** Injected by the build where our code and what is bundled with it use a clock or a timer; see scripts/chunks.mjs. */

export { clearInterval, clearTimeout, setInterval, setTimeout } from 'timers';
export { performance, systemTime } from './clock';
