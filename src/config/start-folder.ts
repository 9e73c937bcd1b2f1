import { resolve } from 'path';

const folder = workingFolder();

/** Paths in settings are relative to where the process was started, wherever the app has gone until they are used. */
export function fromStart(path: string): string {
  return folder === undefined ? path : resolve(folder, path);
}

/** It may be gone. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
