import { createRequire } from 'module';
import { fileURLToPath } from 'url';
import { builtin } from '../config/builtin';
import { moduleCache } from '../config/module-cache';
import { safely } from '../config/safely';
import { targetOfUrl } from './footer';
import type { Target, TargetIndex } from './targets';

/**
 * ES modules that are loaded by `require` (Node 20.19 and later, 22.12 and later): where there is no
 * module.registerHooks, no hook sees the files behind the required one. Node reads them with `fs.openSync(url)`, looked
 * up at the time of the call: that tells which of them are targets. They are looked at when all of them have run, which
 * is before the app gets the first.
 */
export interface RequiredModules {
  /** While a file of a known library runs. Others may keep what they find in `fs`. Says what it was before. */
  watch(isOn: boolean): boolean;
  /** A known library has loaded, or failed to. */
  end(): void;
}

type OpenSync = (this: unknown, path: unknown, ...rest: unknown[]) => number;

export function watchRequiredModules(
  index: TargetIndex,
  onLoaded: (target: Target, exports: unknown) => void,
): RequiredModules {
  const holder = builtin<{ openSync: OpenSync }>('fs');
  const seen = new Map<string, Target>();
  let restore: (() => void) | undefined;

  return {
    watch(isOn) {
      const wasOn = restore !== undefined;
      if (isOn && !wasOn) begin();
      else if (!isOn) restore?.();
      return wasOn;
    },
    end() {
      restore?.();
      const found = [...seen];
      seen.clear();
      for (const [file, target] of found) safely('module hook', () => onLoaded(target, namespaceOf(file)));
    },
  };

  function begin(): void {
    const { openSync } = holder;
    const watching: OpenSync = function (this: unknown, path, ...rest) {
      if (path instanceof URL) safely('module hook', () => see(path));
      return openSync.call(this, path, ...rest);
    };
    Object.defineProperties(watching, Object.getOwnPropertyDescriptors(openSync));
    holder.openSync = watching;
    restore = () => {
      if (holder.openSync === watching) holder.openSync = openSync;
      restore = undefined;
    };
  }

  function see(url: URL): void {
    const target = targetOfUrl(index, url.href);
    if (target && target.names.length > 0) seen.set(fileURLToPath(url), target);
  }
}

/** Of a module that has run: Node has it in its cache. The one of `require` stays as it was. */
function namespaceOf(file: string): unknown {
  const require = createRequire(file);
  const isCached = Object.hasOwn(moduleCache, file);
  try {
    return require(file);
  } finally {
    if (!isCached) delete moduleCache[file];
  }
}
