import { register } from 'module';
import { join } from 'path';
import { pathToFileURL } from 'url';
import type { TargetIndex } from './targets';

type Register = (specifier: URL, options: { data: { index: TargetIndex; dist: string } }) => unknown;

/**
 * ES modules are seen in the loader thread of module.register: on Node 22 to 25 before the sync hooks were
 * complete, and on Node 20 where another tool has started that thread.
 */
export function installThreadHooks(index: TargetIndex, registerWith: Register = register): void {
  registerWith(pathToFileURL(join(__dirname, 'loader-thread.mjs')), {
    data: { index, dist: __dirname },
  });
}
