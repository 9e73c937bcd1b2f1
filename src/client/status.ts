import { type LibraryStatus, shared } from '../config/shared';

export type InstrumentationStatus = LibraryStatus;

/**
 * What became of each library the running loader saw: patched, or failed and why, and whether its version is
 * one the instrument was tested with. Empty when the process was not started with the preload.
 */
export function instrumentationStatus(): InstrumentationStatus[] {
  return shared()?.status?.() ?? [];
}
