import { Module } from 'module';
import { safely } from '../config/safely';
import { type LoadResult, withFooter } from './footer';
import { withOwnName } from './own-name-source';
import { isOfNoInterest, isPassedOver, type TargetIndex } from './targets';

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
      // Modules that TypeScript is stripped from may name us as well.
      if (format === 'module' || format === 'module-typescript') {
        if (isPassedOver(index, url)) return result;
        return safely('module hook', () => hooked(index, url, result)) ?? result;
      }
      if (format === 'builtin' && url.startsWith(BUILTIN)) onBuiltin(url.slice(BUILTIN.length));
      return result;
    },
  });
}

const BUILTIN = 'node:';

function hooked(index: TargetIndex, url: string, result: LoadResult): LoadResult {
  if (result.source == null || isOfNoInterest(index, url)) return result;
  const renamed = withOwnName(result.source, url, __dirname);
  return renamed === undefined ? withFooter(index, url, result) : { ...result, source: renamed };
}
