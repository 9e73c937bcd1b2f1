import type { Config } from '../../config/resolve';
import { fromStart } from '../../config/start-folder';
import type { Delivery } from '../delivery';
import type { Spool } from './spool';

export type SpoolSettings = Partial<Pick<Config, 'spoolDir' | 'maxSpoolBytes'>>;

/**
 * The spool of a destination, where there is to be one; its code is read with the first span that needs it. Whatever
 * makes it another destination is in `destination`: address and format, and the key, since projects differ by it alone.
 */
export function spoolFor(
  { spoolDir, maxSpoolBytes = Number.MAX_SAFE_INTEGER }: SpoolSettings,
  destination: readonly unknown[],
  delivery: Delivery,
): (() => Spool) | undefined {
  if (!spoolDir) return undefined;
  return () => {
    const { Spool } = require('./spool') as typeof import('./spool');
    return new Spool({
      folder: fromStart(spoolDir),
      maxBytes: maxSpoolBytes,
      destination: JSON.stringify(destination),
      delivery,
    });
  };
}
