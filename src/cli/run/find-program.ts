import { statSync } from 'fs';
import { delimiter, join } from 'path';

/** The file a command name stands for, whether or not it may be executed; as a shell looks for it. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | undefined {
  if (name === '') return undefined;
  if (/[\\/]/.test(name)) return exists(name) ? name : undefined;
  return path
    .split(delimiter)
    .map((folder) => join(folder || '.', name))
    .find(exists);
}

function exists(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}
