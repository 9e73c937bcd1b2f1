import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation(
  'express',
  () =>
    new ExpressInstrumentation({
      // Their spans are named after the first route in them, whichever is asked for, and end before it runs.
      ignoreLayersType: [ExpressLayerType.ROUTER],
      // Express 5 has no paths where the instrumentation looks for them.
      spanNameHook: ({ layerType, route }, name) =>
        layerType === ExpressLayerType.REQUEST_HANDLER && route ? `request handler - ${route}` : name,
    }),
);
