import { RouterInstrumentation } from '@opentelemetry/instrumentation-router';
import { moduleCache } from '../../config/module-cache';
import { defineInstrument } from '../kit/define';
import { instrumentation } from './instrumentation';

const upstream = instrumentation('router', () => new RouterInstrumentation());

const EXPRESS = /[\\/]node_modules[\\/]express[\\/]/;

/** Express 5 is made of this package: its own instrumentation tells of the same layers. */
const isExpressLoading = (): boolean =>
  Object.entries(moduleCache).some(([file, module]) => module?.loaded === false && EXPRESS.test(file));

export const instrument = defineInstrument({
  id: 'router',
  patchModule(module) {
    if (isExpressLoading()) module.skip?.('Express tells of its routers itself');
    else upstream.patchModule?.(module);
  },
});
