import { Module as NodeModule } from 'module';
import { join } from 'path';
import { safely } from '../config/safely';
import { isInstalledFor, OWN_ENTRIES } from './own-name-source';

interface Resolver {
  _resolveLookupPaths(request: string, parent: { filename?: string | null } | null): string[] | null;
  _pathCache: Record<string, string>;
}

const Module = NodeModule as unknown as Resolver;

/**
 * `require('respan')` in an app without a copy of its own finds the running one, so that code may use a loader that was
 * put into its container from outside. Node asks `_resolveLookupPaths` where to look, and then its cache of paths; both
 * answer without appearing on a stack.
 */
export function installOwnName(): void {
  const original = Module._resolveLookupPaths;
  Module._resolveLookupPaths = function (this: unknown, request, parent) {
    const paths = original.call(this, request, parent);
    if (request === 'respan' || request.startsWith('respan/')) {
      safely('the package name', () => offer(request, parent?.filename ?? undefined, paths));
    }
    return paths;
  };
}

function offer(request: string, from: string | undefined, paths: string[] | null): void {
  const entry = request.slice('respan'.length);
  const file = Object.hasOwn(OWN_ENTRIES, entry) ? OWN_ENTRIES[entry] : undefined;
  if (!file || !paths || !from || isInstalledFor(from)) return;
  Module._pathCache[`${request}\x00${paths.join('\x00')}`] ??= join(__dirname, `${file}.js`);
}
