import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { appFolder } from './app-folder';

const folders: string[] = [];

/** A folder of its own for a test, gone after the file's tests. */
export function tempFolder(prefix = 'respan-test-'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** Writes an app: path to content. `sdks` (`openai-5`) are linked into its node_modules under their own names. */
export function tempApp(
  files: Record<string, string>,
  sdks: Record<string, string> = {},
  folder = tempFolder(),
) {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const folders = Object.entries(sdks).map(([name, sdk]) => [
    name,
    join(appFolder([sdk]), 'node_modules', name),
  ]);
  linkInto(folder, Object.fromEntries(folders));
  return folder;
}

/** Links packages, by name, into the node_modules of `folder`. */
export function linkInto(folder: string, packages: Record<string, string>): void {
  for (const [name, target] of Object.entries(packages)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, 'dir');
  }
}
