import * as nodeModule from 'module';
import { safely } from '../config/safely';
import { findTarget, isInKnownPackage, type Target, type TargetIndex } from './targets';

/** The parts of Node's CommonJS loader that every `require` hook of the ecosystem relies on. */
interface CommonJsLoader {
  _pathCache: Record<string, string>;
  _resolveFilename(request: string): string | false;
  prototype: { _compile(this: { exports: unknown }, content: string, filename: string): unknown };
}

const Module = ((nodeModule as { default?: unknown }).default ?? nodeModule) as unknown as CommonJsLoader;

type OnLoaded = (target: Target, exports: unknown) => void;
type Compile = CommonJsLoader['prototype']['_compile'];

/**
 * CommonJS, required or imported, on every Node: also where module.registerHooks sees `require`, because tsx,
 * ts-node and the like read files themselves and go past it. A wrapper that stays around `_compile` would put a
 * frame of ours into the stack trace of every error at the top level of the app, so it is there only while a
 * known library loads: its path is resolved before any code of it runs. What the library requires as `#name` goes
 * past that, but not past the wrapper, which is there by then.
 */
export function installCommonJsHook(index: TargetIndex, onLoaded: OnLoaded): void {
  const awaited = new Set<string>();
  let installed: Compile | undefined;

  function install(): void {
    if (installed) return;
    const original = Module.prototype._compile;
    const wrapper: Compile = function (this, _content, filename) {
      // biome-ignore lint/complexity/noArguments: newer Nodes pass more arguments than are named here.
      const result = original.apply(this, arguments as unknown as [string, string]);
      if (awaited.delete(filename) && awaited.size === 0) uninstall(wrapper, original);
      safely('module hook', () => {
        const target = findTarget(index, filename);
        if (target) onLoaded(target, this.exports);
      });
      return result;
    };
    installed = wrapper;
    Module.prototype._compile = wrapper;
  }

  function uninstall(wrapper: Compile, original: Compile): void {
    // Somebody who wrapped `_compile` after us calls our wrapper: then it has to stay.
    if (Module.prototype._compile !== wrapper) return;
    Module.prototype._compile = original;
    installed = undefined;
  }

  function expect(filename: string): void {
    // Only code is compiled: a `package.json` would be awaited for good.
    if (!/\.[cm]?js$/.test(filename)) return;
    if (!isInKnownPackage(index, filename) && !findTarget(index, filename)) return;
    // `import` of a CommonJS file puts it into the cache before it runs (Node 20 and 22).
    if (require.cache[filename]?.loaded) return;
    awaited.add(filename);
    install();
  }

  const watch = (filename: unknown): void => {
    if (typeof filename === 'string') safely('module hook', () => expect(filename));
  };
  if (process.versions.pnp) watchResolution(watch);
  else watchPathCache(watch);
}

/** Node keeps every path it resolves, and looks there first: a way to see them all without being on the stack. */
function watchPathCache(onPath: (filename: unknown) => void): void {
  Module._pathCache = new Proxy(Module._pathCache, {
    get(paths, key) {
      const filename = paths[key as string];
      if (filename) onPath(filename);
      return filename;
    },
    set(paths, key, filename: string) {
      onPath(filename);
      paths[key as string] = filename;
      return true;
    },
  });
}

/** Yarn PnP resolves by itself; this is the nearest point, with a frame in the traces of what cannot be found. */
function watchResolution(onPath: (filename: unknown) => void): void {
  const original = Module._resolveFilename;
  Module._resolveFilename = function (this: unknown) {
    // biome-ignore lint/complexity/noArguments: as above.
    const filename = original.apply(this, arguments as unknown as [string]);
    onPath(filename);
    return filename;
  };
}
