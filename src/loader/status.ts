/**
 * What became of each library that was seen: the answer to "why don't I see my call?", for the debug log,
 * `respan doctor` and code.
 */
export interface LibraryStatus {
  instrument: string;
  package: string;
  version: string | undefined;
  directory: string;
  state: 'patched' | 'failed';
  /** Outside the range the instrument was tested with. */
  untested: boolean;
  reason?: string;
}

const seen = new Map<string, LibraryStatus>();

export function recordStatus(status: LibraryStatus): void {
  const key = `${status.instrument} ${status.directory}`;
  const before = seen.get(key);
  // A failure anywhere in a library outweighs the files in which patching worked.
  if (before?.state === 'failed' && status.state !== 'failed') return;
  seen.set(key, status);
}

export function libraryStatus(): LibraryStatus[] {
  return [...seen.values()];
}
