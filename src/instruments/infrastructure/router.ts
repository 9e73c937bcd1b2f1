import { RouterInstrumentation } from '@opentelemetry/instrumentation-router';
import { nextTick } from 'process';
import { moduleCache } from '../../config/module-cache';
import { safely } from '../../config/safely';
import { isWrapped } from '../../vendor/instrumentation';
import { defineInstrument, type LoadedModule } from '../kit/define';
import { keepingNext } from './given-next';
import { instrumentation } from './instrumentation';
import { hasEvents, tracedWhere } from './real-response';

const upstream = instrumentation('router', () => sparingOthers(new RouterInstrumentation()));

type Handle = (this: unknown, ...args: unknown[]) => unknown;
type Patcher = (original: Handle) => Handle;

function sparingOthers(made: RouterInstrumentation): RouterInstrumentation {
  const patchers = made as unknown as Record<'_requestHandlerPatcher' | '_errorHandlerPatcher', Patcher>;
  const { _requestHandlerPatcher: ofRequests, _errorHandlerPatcher: ofErrors } = patchers;
  const sparing =
    (patcher: Patcher, position: number): Patcher =>
    (original) => {
      const { layer, around } = keepingNext(original, position);
      const traced = around(patcher.call(made, layer));
      return tracedWhere(original, traced, (args) => hasEvents(args[position - 1]));
    };
  patchers._requestHandlerPatcher = sparing(ofRequests, 2);
  patchers._errorHandlerPatcher = sparing(ofErrors, 3);
  return made;
}

/** Its own files, not those of packages below it. */
const EXPRESS = /[\\/]node_modules[\\/]express[\\/](?!node_modules[\\/])/;

/** Express 5 is made of this package: its own instrumentation tells of the same layers. */
const isExpressLoading = (): boolean =>
  Object.entries(moduleCache).some(([file, module]) => module?.loaded === false && EXPRESS.test(file));

/** Of a bundle nobody knows what is being loaded: whether Express has got the router is clear when all of it has run. */
let ofBundles: LoadedModule[] = [];

function patchInBundle(module: LoadedModule): void {
  ofBundles.push(module);
  if (ofBundles.length > 1) return;
  nextTick(() => {
    const modules = ofBundles;
    ofBundles = [];
    if (modules.some(isOfExpress)) return;
    for (const one of modules) safely('the router instrument', () => upstream.patchModule?.(one));
  });
}

function isOfExpress({ exports }: LoadedModule): boolean {
  const { prototype } = exports as { prototype?: { route?: unknown } };
  return isWrapped(prototype?.route);
}

export const instrument = defineInstrument({
  id: 'router',
  patchModule(module) {
    if (isExpressLoading()) module.skip?.('Express tells of its routers itself');
    else if (module.directory === '') patchInBundle(module);
    else upstream.patchModule?.(module);
  },
});
