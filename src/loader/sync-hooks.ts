import { Module } from 'module';
import { safely } from '../config/safely';
import { type LoadResult, withFooter } from './footer';
import { withOwnName } from './own-name-source';
import { holdsTargets, type TargetIndex } from './targets';

type NextLoad = (url: string, context: unknown) => LoadResult;
type RegisterHooks = (hooks: { load(url: string, context: unknown, next: NextLoad): LoadResult }) => void;

/** ES modules on Node ≥ 22.22.3, 24.11.1, 25.1: in the app's thread. */
export function installSyncHooks(index: TargetIndex, onBuiltin: (name: string) => void): void {
  const { registerHooks } = Module as unknown as { registerHooks: RegisterHooks };
  registerHooks({
    load(url, context, next) {
      // The app's own loading errors pass through untouched: only our part is guarded.
      const result = next(url, context);
      if (url.startsWith(BUILTIN)) onBuiltin(url.slice(BUILTIN.length));
      return safely('module hook', () => hooked(index, url, result)) ?? result;
    },
  });
}

const BUILTIN = 'node:';

/** Modules that TypeScript is stripped from may name us as well. */
const MODULES = ['module', 'module-typescript'];

function hooked(index: TargetIndex, url: string, result: LoadResult): LoadResult {
  if (!MODULES.includes(result.format ?? '') || result.source == null || isOfNoInterest(index, url))
    return result;
  const renamed = withOwnName(result.source, url, __dirname);
  return renamed === undefined ? withFooter(index, url, result) : { ...result, source: renamed };
}

/** As far as the folder tells, which is what an app's thousands of modules have in common. */
function isOfNoInterest(index: TargetIndex, url: string): boolean {
  const folder = url.slice(0, url.lastIndexOf('/'));
  if (!folder.startsWith('file:///') || !folder.includes('/node_modules/')) return false;
  // Escaped, or not the file's folder but in the middle of a query.
  return !/[%?#]/.test(folder) && !holdsTargets(index, folder.slice('file://'.length));
}
