import { readFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import { argv } from 'process';

/** The `name` of the package the app's entry file belongs to, or of the working directory's. */
export function appPackageName(entry: string | undefined = argv[1]): string | undefined {
  // A runner that lives in node_modules (`next start`, `nest start`) is not the app: its working directory is.
  const isApp = entry !== undefined && !/[\\/]node_modules[\\/]/.test(entry);
  let folder = isApp ? dirname(resolve(entry)) : process.cwd();
  for (;;) {
    const name = packageName(folder);
    if (name !== undefined) return name || undefined;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function packageName(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const name = (manifest as { name?: unknown } | null)?.name;
    // A package.json without a name (`{"type":"module"}`) marks a folder, not an app: look further up.
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}
