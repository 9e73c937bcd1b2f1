import { readFileSync } from 'fs';
import { UsageError } from '../usage-error';

export interface EnvFile {
  path: string;
  values: Record<string, string>;
}

/** The files of `--env-file`, read whole. */
export function readEnvFiles(paths: readonly string[]): EnvFile[] {
  if (paths.length === 0) return [];
  const dotenv = require('../../vendor/dotenv') as typeof import('../../vendor/dotenv');
  return paths.map((path) => {
    try {
      return { path, values: dotenv.parse(readFileSync(path)) };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === 'ENOENT' ? 'there is no such file' : message;
      throw new UsageError(`--env-file ${path} cannot be read: ${reason}`);
    }
  });
}
