/** `npm test`: everything that must hold, in the order in which it is cheapest to find out. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  ['npm', ['run', '--silent', 'lint']],
  ['npm', ['run', '--silent', 'typecheck']],
  ['npm', ['run', '--silent', 'build']],
  ['npx', ['vitest', 'run', ...process.argv.slice(2)]],
];

for (const [command, args] of steps) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}
