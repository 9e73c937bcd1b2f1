import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { keepingNext } from './given-next';
import { instrumentation } from './instrumentation';
import { hasEvents, tracedWhere } from './real-response';
import { isInSpan } from './span-around';

export const instrument = instrumentation('express', () =>
  knowingLayers(
    sparingOthers(
      new ExpressInstrumentation({
        // Their spans are named after the first route in them, whichever is asked for, and end before it runs.
        ignoreLayersType: [ExpressLayerType.ROUTER],
        // Express 5 has no paths where the instrumentation looks for them.
        spanNameHook: ({ layerType, route }, name) =>
          layerType === ExpressLayerType.REQUEST_HANDLER && route ? `request handler - ${route}` : name,
      }),
    ),
  ),
);

interface Layer {
  name: string;
  route?: unknown;
  handle?: { stack?: unknown; route?: unknown };
}

/** What is a route and what a router it knows by the names of Express's own functions, which are others where they are minified. */
function knowingLayers(made: ExpressInstrumentation): ExpressInstrumentation {
  const patcher = made as unknown as { _applyPatch?: (layer: Layer, path?: string) => void };
  const { _applyPatch: apply } = patcher;
  if (apply) patcher._applyPatch = (layer, path) => apply.call(made, withKnownName(layer), path);
  return made;
}

function withKnownName(layer: Layer): Layer {
  if (!layer || ['router', 'bound dispatch', 'handle'].includes(layer.name)) return layer;
  const { route, handle } = layer;
  const isRouter = Array.isArray(handle?.stack) && typeof handle.route === 'function';
  const name = route ? 'handle' : isRouter && 'router';
  if (!name) return layer;
  return new Proxy(layer, {
    get: (target, key) => (key === 'name' ? name : Reflect.get(target, key)),
  });
}

type Handle = (this: unknown, ...args: unknown[]) => unknown;
type Wrap = (owner: object, name: string, wrapper: (original: Handle) => Handle) => unknown;

/**
 * Layers outside of any request's span are none of its business: it would keep the path of each, and look through all of them
 * for the next.
 */
function sparingOthers(made: ExpressInstrumentation): ExpressInstrumentation {
  const patcher = made as unknown as { _wrap: Wrap };
  const { _wrap: wrap } = patcher;
  patcher._wrap = (owner, name, wrapper) =>
    wrap.call(made, owner, name, (original) => {
      if (name !== 'handle') return wrapper(original);
      const { layer, around } = keepingNext(original, 2);
      const traced = wrapper(layer);
      if (traced === layer) return original;
      return tracedWhere(original, around(traced), ([, response]) => isInSpan() && hasEvents(response));
    });
  return made;
}
