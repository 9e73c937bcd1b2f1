import * as nodeModule from 'module';
import { dirname } from 'path';
import { safely } from '../config/safely';
import type { RequiredModules } from './required-modules';
import { findTarget, mayHoldTargets, type Target, type TargetIndex } from './targets';

/** The parts of Node's CommonJS loader that every `require` hook of the ecosystem relies on. */
interface CommonJsLoader {
  _nodeModulePaths(directory: string): string[];
  prototype: { _compile(this: { exports: unknown }, content: string, filename: string): unknown };
}

const Module = ((nodeModule as { default?: unknown }).default ?? nodeModule) as unknown as CommonJsLoader;

type OnLoaded = (target: Target, exports: unknown) => void;
type Compile = CommonJsLoader['prototype']['_compile'];

/**
 * CommonJS, required or imported, on every Node: also where module.registerHooks sees `require`, because tsx,
 * ts-node and the like read files themselves and go past it. A wrapper that stays around `_compile` would put a
 * frame of ours into the stack trace of every error at the top level of the app, so it is there only while a
 * known library loads. That one is about to load is known from `_nodeModulePaths`: Node asks it for each module's
 * folder right before it runs the module, and it never throws, so that it is on no stack trace either.
 */
export function installCommonJsHook(
  index: TargetIndex,
  onLoaded: OnLoaded,
  required?: RequiredModules,
): void {
  let uninstall: (() => void) | undefined;
  /** How many files of known packages are being run, one inside the other. */
  let depth = 0;

  function install(): void {
    if (uninstall) return;
    const original = Module.prototype._compile;
    const wrapper: Compile = function (this, _content, filename) {
      const known = safely('module hook', () => mayHoldTargets(index, dirname(filename)));
      if (depth === 0 && !known) uninstall?.();
      if (known) depth += 1;
      if (depth === 1) required?.begin();
      try {
        // biome-ignore lint/complexity/noArguments: newer Nodes pass more arguments than are named here.
        const result = original.apply(this, arguments as unknown as [string, string]);
        if (known) safely('module hook', () => report(filename, this.exports));
        return result;
      } finally {
        if (known) depth -= 1;
        if (depth === 0) {
          uninstall?.();
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

  function report(filename: string, exports: unknown): void {
    const target = findTarget(index, filename);
    if (target) onLoaded(target, exports);
  }

  const nodeModulePaths = Module._nodeModulePaths;
  Module._nodeModulePaths = function (this: unknown, directory) {
    safely('module hook', () => {
      if (mayHoldTargets(index, directory)) install();
    });
    // biome-ignore lint/complexity/noArguments: as above.
    return nodeModulePaths.apply(this, arguments as unknown as [string]);
  };
}
