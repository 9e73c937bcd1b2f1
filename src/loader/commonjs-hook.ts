import { Module as NodeModule } from 'module';
import { dirname } from 'path';
import { safely } from '../config/safely';
import { commonJsFooterFor, footerFor } from './footer';
import type { RequiredModules } from './required-modules';
import { findTarget, mayHoldTargets, type Target, type TargetIndex } from './targets';

/** The parts of Node's CommonJS loader that every `require` hook of the ecosystem relies on. */
interface CommonJsLoader {
  _cache: Record<string, { loaded?: boolean } | undefined>;
  _nodeModulePaths(directory: string): string[];
  prototype: {
    /** Newer Nodes pass more arguments than are named here. */
    _compile(this: { exports: unknown }, content: string, filename: string, ...rest: unknown[]): unknown;
  };
}

const Module = NodeModule as unknown as CommonJsLoader;

export type OnLoaded = (target: Target, exports: unknown, replace?: (exports: unknown) => void) => void;
type Compile = CommonJsLoader['prototype']['_compile'];

/**
 * CommonJS, required or imported, on every Node: also where module.registerHooks sees `require`, because tsx,
 * ts-node and the like read files themselves and go past it. A wrapper that stays around `_compile` would put a
 * frame of ours into the stack trace of every error at the top level of the app, so it is there only while a
 * known library loads. That one is about to load is known from `_nodeModulePaths`: Node asks it for each module's
 * folder right before it runs the module, and it never throws, so that it is on no stack trace either. Where an ES
 * module imports CommonJS, Node 22 and later ask when they link and not again, long before they run it: such a module
 * stands in the cache, not loaded, and the wrapper stays until it is.
 */
export function installCommonJsHook(
  index: TargetIndex,
  onLoaded: OnLoaded,
  required?: RequiredModules,
): void {
  let uninstall: (() => void) | undefined;
  /** How many files of known packages are being run, one inside the other. */
  let depth = 0;
  /** Known folders Node has asked about since the cache was last looked at. */
  const announced = new Set<string>();
  /** Files in them that Node has linked and not run. */
  let awaited: string[] = [];

  function install(): void {
    if (uninstall) return;
    const original = Module.prototype._compile;
    const wrapper: Compile = function (this, content, filename, ...rest) {
      const known = safely('module hook', () => mayHoldTargets(index, dirname(filename)));
      if (depth === 0 && !known) uninstallUnlessAwaited();
      if (known) depth += 1;
      const wasWatched = required?.watch(known === true);
      try {
        const target = known ? safely('module hook', () => findTarget(index, filename)) : undefined;
        const ofItself = target?.replacesFunctions && typeof content === 'string';
        const source = ofItself ? withScope(target, content, filename) : content;
        const result = original.call(this, source, filename, ...rest);
        if (target && !ofItself) {
          const replace = (exports: unknown) => {
            this.exports = exports;
          };
          safely('module hook', () => onLoaded(target, this.exports, replace));
        }
        return result;
      } finally {
        if (known) depth -= 1;
        required?.watch(wasWatched === true);
        if (depth === 0) {
          uninstallUnlessAwaited(filename);
          required?.end();
        }
      }
    };
    Module.prototype._compile = wrapper;
    uninstall = () => {
      // Somebody who wrapped `_compile` after us calls our wrapper: then it has to stay.
      if (Module.prototype._compile !== wrapper) return;
      Module.prototype._compile = original;
      uninstall = undefined;
    };
  }

  /** ES modules that are required come by as well, some of them with a footer already (sync-hooks.ts). */
  function withScope(target: Target, content: string, filename: string): string {
    const isHandedOver = content.endsWith(footerFor(target, filename, content));
    return isHandedOver ? content : content + commonJsFooterFor(target, content);
  }

  /** `ran` has run, and is about to be marked as loaded. */
  function uninstallUnlessAwaited(ran?: string): void {
    if (!safely('module hook', () => isAwaited(ran))) uninstall?.();
  }

  function isAwaited(ran: string | undefined): boolean {
    const isUnloaded = (filename: string) => filename !== ran && Module._cache[filename]?.loaded === false;
    awaited = awaited.filter(isUnloaded);
    if (announced.size > 0) {
      const found = Object.keys(Module._cache).filter(
        (file) => isUnloaded(file) && announced.has(dirname(file)),
      );
      awaited = [...new Set([...awaited, ...found])];
      announced.clear();
    }
    return awaited.length > 0;
  }

  const nodeModulePaths = Module._nodeModulePaths;
  Module._nodeModulePaths = function (this: unknown, directory) {
    safely('module hook', () => {
      if (!mayHoldTargets(index, directory)) return;
      announced.add(directory);
      install();
    });
    // biome-ignore lint/complexity/noArguments: as above.
    return nodeModulePaths.apply(this, arguments as unknown as [string]);
  };
}
