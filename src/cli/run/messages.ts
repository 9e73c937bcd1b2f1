import type { ChildProcess } from 'child_process';

/** Whoever started us by `child_process.fork` talks to the command as if we were not there. */
export function relayMessages(child: ChildProcess): void {
  const toChild = (message: unknown): void => {
    if (child.connected) child.send(message as string, ignore);
  };
  child.on('message', (message) => {
    if (process.connected) process.send?.(message, undefined, undefined, ignore);
  });
  process.on('message', toChild);
  process.on('disconnect', () => {
    if (child.connected) child.disconnect();
  });
  child.on('disconnect', () => {
    process.off('message', toChild);
    if (process.connected) process.disconnect();
  });
}

/** The other side has gone meanwhile: its end is told by other events. */
const ignore = (): void => {};
