import { copyFileSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { appFolder } from './app-folder';
import { fixtures } from './paths';

/** Copies the fixture app `name` next to the SDKs it is to find, and answers with its folder. */
export function placeApp(name: string, sdks: string[]): string {
  const folder = join(appFolder(sdks), name);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(join(fixtures, name))) {
    const copy = join(folder, `.${file}.${process.pid}`);
    copyFileSync(join(fixtures, name, file), copy);
    // At once: another test may be running the app.
    renameSync(copy, join(folder, file));
  }
  return folder;
}
