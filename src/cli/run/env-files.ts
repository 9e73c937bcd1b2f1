import { readFileSync } from 'fs';
import { UsageError } from '../usage-error';

export interface EnvFile {
  path: string;
  values: Record<string, string>;
}

/**
 * The files of `--env-file`, read whole. Node looks for a flag of that name behind the script as well
 * (nodejs/node#54232): from 20.7 on a missing file is told by Node itself, with exit code 9, and NODE_OPTIONS
 * of a file already holds for this process. The other variables are left to us.
 */
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
