import { shared } from '../config/shared';
import type { InCode } from '../telemetry/in-code';

/**
 * What code can do in this process, as the running copy of the package does it, or undefined where nothing runs: no
 * preload, no `new RespanTelemetry()`, or switched off. Asking loads no OpenTelemetry unless something runs.
 */
export function running(): InCode | undefined {
  return shared()?.inCode?.() as InCode | undefined;
}

/** The same where spans have been made already: what there is none of needs no start. */
export function runningIfStarted(): InCode | undefined {
  return shared()?.telemetry ? running() : undefined;
}
