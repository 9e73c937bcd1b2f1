/**
 * Whether a line of a stack may be there with respan and not without, or the other way round: Node's own frames below (AsyncLocalStorage, which
 * phase of the loop it was), and frames of ours, in chunks named by `ours`, below an error that is thrown while the SDK's method runs.
 */
export function mayDiffer(line: string, ours: RegExp): boolean {
  if (/node:(internal\/(async|process|timers)|async_hooks)/.test(line)) return true;
  const chunk = /\/dist\/([\w-]+)\.js/.exec(line)?.[1];
  return chunk !== undefined && ours.test(chunk);
}
