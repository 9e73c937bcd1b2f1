import { installCommonJsHook } from './commonjs-hook';
import type { HookMode } from './hook-mode';
import { installReadHooks } from './read-hooks';
import { watchRequiredModules } from './required-modules';
import type { Target, TargetIndex } from './targets';
import { installThreadHooks } from './thread-hooks';

interface Patches {
  patch(target: Target, exports: unknown): void;
  patchCommonJs(target: Target, exports: unknown, replace?: (exports: unknown) => void): void;
}

/** The hooks of Nodes without a complete module.registerHooks; see hook-mode.ts. */
export function installOlderHooks(
  mode: Exclude<HookMode, 'sync'>,
  index: TargetIndex,
  { patch, patchCommonJs }: Patches,
): void {
  installCommonJsHook(index, patchCommonJs, watchRequiredModules(index, patch));
  if (mode === 'read') installReadHooks(index);
  else installThreadHooks(index);
}
