import { subscribe } from 'diagnostics_channel';
import { safely } from '../../config/safely';
import type { Instrument } from '../kit/define';
import { patchJestWorker } from './jest-worker';
import { patchPool } from './pools';
import { followProcess } from './processes';
import { patchUndici } from './undici';
import { patchWorkerClass } from './worker-class';
import { patchWorkerpool } from './workerpool';
import { followWorker } from './workers';

/**
 * Where work goes on in somebody else's context, in another thread or in another process. Loads nothing with a library: before
 * the telemetry runs there is no context to keep.
 */
export const instrument: Instrument = {
  id: 'threading',
  patchModule(module) {
    if (module.package === 'undici') patchUndici(module);
    else if (module.package === 'workerpool') patchWorkerpool(module);
    else if (module.package === 'jest-worker') patchJestWorker(module);
    else patchPool(module);
  },
  patchBuiltin: patchWorkerClass,
  start(first) {
    follow('child_process', first, followProcess);
    follow('worker_threads', first, followWorker);
  },
};

type First = Parameters<NonNullable<Instrument['start']>>[0];

function follow(channel: string, first: First, onMessage: (message: object) => void): void {
  const see = (message: unknown) => void safely(channel, () => onMessage(message as object));
  if (first?.channel === channel) see(first.message);
  subscribe(channel, see);
}
