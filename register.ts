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
} else {
  try {
    const { install } = require('./src/loader/install') as typeof import('./src/loader/install');
    install();
  } catch (error) {
    process.stderr.write(`respan: could not start (${(error as Error).message}); the app runs untraced\n`);
  }
}

export {};
