import { Module } from 'module';
import { safely } from '../config/safely';
import { type LoadResult, withFooter } from './footer';
import { withOwnName } from './own-name-source';
import { isOfNoInterest, type TargetIndex } from './targets';

type NextLoad = (url: string, context: unknown) => LoadResult;
type RegisterHooks = (hooks: { load(url: string, context: unknown, next: NextLoad): LoadResult }) => void;

/** ES modules on Node ≥ 22.22.3, 24.11.1, 25.1: in the app's thread. */
export function installSyncHooks(index: TargetIndex, onBuiltin: (name: string) => void): void {
  const { registerHooks } = Module as unknown as { registerHooks: RegisterHooks };
  registerHooks({
    load(url, context, next) {
      // The app's own loading errors pass through untouched: only our part is guarded.
      const result = next(url, context);
      const format = result?.format;
      if (format === 'builtin' && url.startsWith(BUILTIN)) onBuiltin(url.slice(BUILTIN.length));
      if (!format || !MODULES.includes(format)) return result;
      return safely('module hook', () => hooked(index, url, result)) ?? result;
    },
  });
}

const BUILTIN = 'node:';

/** Modules that TypeScript is stripped from may name us as well. */
const MODULES = ['module', 'module-typescript'];

function hooked(index: TargetIndex, url: string, result: LoadResult): LoadResult {
  if (result.source == null || isOfNoInterest(index, url)) return result;
  const renamed = withOwnName(result.source, url, __dirname);
  return renamed === undefined ? withFooter(index, url, result) : { ...result, source: renamed };
}
