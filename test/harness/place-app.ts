import { copyFileSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { appFolder } from './app-folder';
import { fixtures } from './paths';

/**
 * Copies the fixture app `name`, and what fixtures share, next to the SDKs it is to find; answers with its folder.
 */
export function placeApp(name: string, sdks: string[]): string {
  const folder = join(appFolder(sdks), name);
  mkdirSync(folder, { recursive: true });
  for (const source of [join(fixtures, 'shared'), join(fixtures, name)]) {
    for (const file of readdirSync(source)) {
      const copy = join(folder, `.${file}.${process.pid}`);
      copyFileSync(join(source, file), copy);
      // At once: another test may be running the app.
      renameSync(copy, join(folder, file));
    }
  }
  return folder;
}
