import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { exactCallbacks } from './exact-callback';
import { instrumentation } from './instrumentation';

const upstream = instrumentation('pg', () => new PgInstrumentation());

type Class = { prototype: object } | undefined;

export const instrument = defineInstrument({
  id: 'pg',
  patchModule(module) {
    const { Client, default: standard } = module.exports as { Client?: Class; default?: Class };
    // Of a pool and of the file of a client it is what the module exports.
    const { prototype } = Client ?? standard ?? (module.exports as unknown as { prototype?: object });
    exactCallbacks(prototype, ['query', 'connect'], () => upstream.patchModule?.(module));
    if (prototype && module.package === 'pg') patch((wrap) => wrap(prototype, 'query', givingBack));
  },
});

interface Config {
  callback?: unknown;
  submit?: unknown;
}

/**
 * The instrumentation puts a callback of its own into the app's object, around the one that is there: one more for each query,
 * where the object is used for several. (What submits itself is used for one, and is asked for its callback later.)
 */
function givingBack(original: (this: unknown, ...args: unknown[]) => unknown) {
  return function query(this: unknown, ...args: unknown[]) {
    const [config] = args as [Config | null | undefined];
    const own = typeof config === 'object' ? config?.callback : undefined;
    try {
      return original.apply(this, args);
    } finally {
      if (typeof own === 'function' && config!.callback !== own && typeof config!.submit !== 'function')
        config!.callback = own;
    }
  };
}
