import { Module } from 'module';

interface ModuleLoader {
  _load(id: string, parent: undefined, isMain: boolean): unknown;
}

const loader = Module as unknown as ModuleLoader;

/**
 * A builtin module, past the hooks on `require` with which the app's own instrumentations wait for it: it is
 * the app's use of `http` that starts those, not ours.
 */
export function builtin<T>(id: string): T {
  return loader._load(id, undefined, false) as T;
}
