/**
 * `--import respan/register`, `--require respan/register`: a guard that any Node, Bun or Deno can read, then
 * everything else. Built for old engines on purpose.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const runtime = process.versions.bun ? 'Bun' : process.versions.deno ? 'Deno' : undefined;

if (runtime) {
  process.stderr.write(`respan: ${runtime} is not supported; the app runs untraced\n`);
} else if (major < 20 || (major === 20 && minor < 6)) {
  process.stderr.write(
    `respan: Node ${process.versions.node} is not supported (20.6 or newer is); the app runs untraced\n`,
  );
} else if (!isHooksThread()) {
  try {
    const { install } = require('./src/loader/install') as typeof import('./src/loader/install');
    install();
  } catch (error) {
    process.stderr.write(`respan: could not start (${(error as Error).message}); the app runs untraced\n`);
  }
}

/**
 * Node below 24 runs `--require` preloads a second time in the thread of module.register
 * (nodejs/node#52377); hooking there would start another such thread, without end.
 */
function isHooksThread(): boolean {
  // In threads the functions that concern the whole process are disabled, and say so. Loading `worker_threads`
  // in every main thread to find out the same would cost 2 ms and the whole of node:stream.
  if (!(process.abort as { disabled?: boolean }).disabled) return false;
  const threads = require('worker_threads') as typeof import('worker_threads') & {
    isInternalThread?: boolean;
  };
  // Before Node 22.14 the flag is missing; there, only an internal thread has no port to a parent.
  return threads.isInternalThread ?? threads.parentPort === null;
}

export {};
