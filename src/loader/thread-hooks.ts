import { register } from 'module';
import { join } from 'path';
import { pathToFileURL } from 'url';
import type { TargetIndex } from './targets';

/** Node 20, and 22 to 25 before the sync hooks were complete: ES modules are seen in a loader thread. */
export function installThreadHooks(index: TargetIndex): void {
  register(pathToFileURL(join(__dirname, 'loader-thread.mjs')), { data: index });
}
