import type { LibraryStatus } from '../config/shared';

const seen = new Map<string, LibraryStatus>();

export function recordStatus(status: LibraryStatus): void {
  const key = `${status.instrument} ${status.directory}`;
  const before = seen.get(key);
  // A failure anywhere in a library outweighs the files in which patching worked.
  if (before?.state === 'failed' && status.state !== 'failed') return;
  // Files that only other versions have something in say nothing of this one.
  if (before?.state === 'patched' && status.state === 'skipped') return;
  seen.set(key, status);
}

export function libraryStatus(): LibraryStatus[] {
  return [...seen.values()].map((status) => ({ ...status }));
}
