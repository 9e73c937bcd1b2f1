import { installCommonJsHook, type OnLoaded } from './commonjs-hook';
import type { HookMode } from './hook-mode';
import { installReadHooks } from './read-hooks';
import { watchRequiredModules } from './required-modules';
import type { TargetIndex } from './targets';
import { installThreadHooks } from './thread-hooks';

/** The hooks of Nodes without a complete module.registerHooks; see hook-mode.ts. */
export function installOlderHooks(
  mode: Exclude<HookMode, 'sync'>,
  index: TargetIndex,
  patch: OnLoaded,
): void {
  installCommonJsHook(index, patch, watchRequiredModules(index, patch));
  if (mode === 'read') installReadHooks(index);
  else installThreadHooks(index);
}
