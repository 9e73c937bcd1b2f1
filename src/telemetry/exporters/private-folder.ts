import { mkdirSync, writeFileSync } from 'fs';
import { basename } from 'path';

/**
 * Makes a folder that only its owner can look into: what is in it may hold prompts. The folder of ours in a project
 * (`.respan`) keeps itself out of its repository.
 */
export function makePrivateFolder(folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made && basename(made) === '.respan') writeFileSync(`${made}/.gitignore`, '*\n', { mode: 0o600 });
}
