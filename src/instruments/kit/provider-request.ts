import { context } from '../../telemetry/api';
import { enterModelCall } from '../../telemetry/model-call-context';
import type { Wrapper } from './wrap';

/**
 * For the client's method that sends a request, whatever it is for: nothing is added to what goes to a provider.
 * Model calls have this of themselves; the rest of a provider's API (files, batches, token counts) has not.
 */
export const unchangedRequest =
  (instrument: string): Wrapper =>
  (original) =>
    function (this: unknown, ...args: unknown[]) {
      return context.with(enterModelCall(context.active(), instrument), () => original.apply(this, args));
    };
