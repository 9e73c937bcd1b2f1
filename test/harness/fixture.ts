import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appFolder } from './app-folder';
import { fixtures } from './paths';

/**
 * A copy of the app in `fixtures/<name>` where it finds `sdks` (see appFolder) under their own names. Files that
 * are there already are left alone: another process may be running them.
 */
export function fixtureApp(name: string, sdks: string[]): string {
  const target = join(appFolder(sdks), `fixture-${name}`);
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(join(fixtures, name))) {
    const source = join(fixtures, name, file);
    const copy = join(target, file);
    if (!existsSync(copy) || !readFileSync(source).equals(readFileSync(copy))) cpSync(source, copy);
  }
  return target;
}
