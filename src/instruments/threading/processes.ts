import { telemetryIfRunning } from '../../config/shared';
import { type Methods, replace } from './replace';

/** What Node tells of, in their constructor, before they are started. */
type ChildProcess = object;

/**
 * All ways of starting a process and going on meanwhile (`spawn`, `exec`, `execFile`, `fork`, the workers of `cluster`) meet in a
 * method of Node's own, which is given the environment as pairs.
 */
export function followProcess(message: object): void {
  const { process: child } = message as { process: ChildProcess };
  replace(Object.getPrototypeOf(child) as Methods, 'spawn', (spawn, self, args) => {
    if (telemetryIfRunning()) firstSpan().carryIntoProcess((args[0] as { envPairs?: unknown })?.envPairs);
    return Reflect.apply(spawn, self, args);
  });
}

const firstSpan = () =>
  require('../../telemetry/threads/first-span') as typeof import('../../telemetry/threads/first-span');
