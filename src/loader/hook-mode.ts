/**
 * How ES modules are hooked on this Node:
 * - `sync`: module.registerHooks, in the app's own thread. Its fixes are complete from 22.22.3, 24.11.1 and
 *   25.1 on (the versions import-in-the-middle's `supportsSyncHooks` names); it sees `require` as well.
 * - `read`: Node 20 has neither, but reads sources where we can see it; see read-hooks.ts.
 * - `thread`: module.register, a loader thread. From Node 26 on it prints DEP0205, so it is never used there.
 */
export type HookMode = 'sync' | 'read' | 'thread';

export function hookMode(nodeVersion: string, hasRegisterHooks: boolean): HookMode {
  const [major = 0, minor = 0, patch = 0] = nodeVersion.replace(/^v/, '').split('.').map(Number);
  const atLeast = (m: number, p = 0) => minor > m || (minor === m && patch >= p);
  const complete =
    major >= 26 ||
    (major === 25 && atLeast(1)) ||
    (major === 24 && atLeast(11, 1)) ||
    (major === 22 && atLeast(22, 3));
  if (hasRegisterHooks && complete) return 'sync';
  return major === 20 ? 'read' : 'thread';
}

/** Whether this Node says on a channel that a request of node:http was made. */
export function tellsOfNewRequests(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 2) || (major === 22 && minor >= 12);
}
